// M/M/c+M as one would write it by hand in C++ for this queue alone, doing what caresim does for each customer: the same
// draws (a hash of luck, who, for what, which time), the same records filled in, the same hops from one thing that
// happens to the next. It is given the tables of a world that has been built and leaves in them what caresim leaves.
//
// What it need not do it does not: people come on duty once and stay, the line is a list, the agenda is one heap,
// indices are not checked.

#include <cmath>
#include <cstdint>
#include <limits>

#include "agenda.hpp"
#include "draws.hpp"
#include "records.hpp"  // written by native.py from caresim's own tables: structs, their tables, purposes, events, states

namespace {

constexpr double NEVER = std::numeric_limits<double>::infinity();
constexpr double MISSING = std::numeric_limits<double>::quiet_NaN();
constexpr double DAY = 1440.0;
constexpr int64_t DAYS_BEFORE = 1024, AT_ONCE = 512, NOBODY = -1;
constexpr int64_t MEDIA = sizeof(Passengers::tries) / sizeof(int16_t);
constexpr int64_t NEEDS = sizeof(Channels::patience) / sizeof(double);

struct Queue {
    Clock& clock;
    const Behaviour& behaviour;
    Operators& centre;
    Channels& phone;
    Desks& desk;
    const Cohorts& cohort;
    Passengers* passengers;
    int64_t people;
    Contacts* contacts;
    Cases* cases;
    MediumExperience* medium_experience;
    Staff* staff;
    Ticks* ticks;
    DeskTicks* levels;
    Agenda agenda;
    Ring ring;
    int32_t line_head = NOBODY, line_tail = NOBODY, free_head = NOBODY, free_tail = NOBODY;

    double uniform(uint64_t who, int64_t purpose, int64_t occurrence) const {
        return uniform_of(clock.luck, who, purpose, occurrence);
    }
    bool happens(double share, uint64_t who, int64_t purpose, int64_t occurrence) const {
        return share > 0.0 && (share >= 1.0 || uniform(who, purpose, occurrence) < share);
    }
    double exponential(double mean, uint64_t who, int64_t purpose, int64_t occurrence) const {
        return -mean * ln(uniform(who, purpose, occurrence));
    }
    void schedule(double time, int32_t kind, int64_t subject, int32_t stamp) {
        agenda.line_up({time, kind, int32_t(subject), stamp});
    }
    void immediately(int32_t kind, int64_t subject) { ring.push(kind, subject); }

    double anger_now(const Passengers& p) const {
        if (std::isnan(p.waits_since))
            return p.anger == 0.0 ? 0.0 : p.anger * halved(clock.now - p.anger_at, behaviour.anger_half_life);
        double already = std::fmax(1.0, (p.anger_at - p.waits_since) / p.expected_wait);
        double by_now = std::fmax(1.0, (clock.now - p.waits_since) / p.expected_wait);
        if (by_now <= already) return p.anger;
        double unexplained = p.explained ? 1.0 : behaviour.unexplained;
        return 1.0 - (1.0 - p.anger) * ex(-behaviour.kappa * p.temper * unexplained * ln(by_now / already));
    }
    void feel(int64_t i) {
        Passengers& p = passengers[i];
        p.anger = anger_now(p);
        p.anger_at = clock.now;
        if (p.status != Status_SEEKING) return;
        cases[i].anger_peak = std::fmax(cases[i].anger_peak, p.anger);
        cases[i].anger_end = p.anger;
    }
    void disappoint(Passengers& p, int64_t medium, double strength) {
        if (p.medium_experience == NOBODY) p.medium_experience = int32_t(clock.medium_experiences++);
        MediumExperience& remembered = medium_experience[p.medium_experience];
        double left = halved(clock.now - remembered.at, behaviour.forget_half_life);
        for (int64_t m = 0; m < MEDIA; ++m) remembered.by_medium[m] *= left;
        remembered.by_medium[medium] += strength;
        remembered.at = clock.now;
    }
    void stop_waiting(int64_t i) { feel(i); passengers[i].waits_since = MISSING; }
    int64_t start_day(Passengers& p) const {
        int64_t today = int64_t(std::floor(clock.now / DAY)) + DAYS_BEFORE;
        if (p.today != today) {
            p.today = today;
            p.seeks = 0;
            for (int64_t m = 0; m < MEDIA; ++m) p.tries[m] = 0;
        }
        return today;
    }
    void stop_seeking(int64_t i) {
        Passengers& p = passengers[i];
        p.stamp += 1;
        if (!p.ordinary) centre.unresolved -= 1;
    }
    double announced_wait() const {
        return double(desk.waiting_synchronous) * desk.handle[phone.medium * NEEDS] / std::fmax(1.0, double(desk.on_duty));
    }

    void affect(int64_t i) {
        Passengers& p = passengers[i];
        p.anger_at = p.affected;
        if (!p.contacting) { p.status = Status_NO_NEED; return; }
        p.status = Status_SEEKING;
        if (!p.ordinary) {
            centre.unresolved += 1;
            if (behaviour.talk_gap != NEVER) __builtin_trap();  // nobody talks about who stands in a queue
        }
        if (p.deadline < clock.end) schedule(p.deadline, Event_DEADLINE, i, p.stamp);
        schedule(clock.now, Event_SEEK, i, p.return_stamp);
    }
    bool choose(int64_t i) {
        Passengers& p = passengers[i];
        start_day(p);
        p.seeks += 1;
        return cohort.preference[0] > -NEVER && ((phone.languages >> p.language) & 1);  // the only channel
    }
    void seek(int64_t i) {
        Passengers& p = passengers[i];
        p.return_stamp += 1;
        if (p.status != Status_SEEKING || p.open != NOBODY || !choose(i)) return;
        feel(i);
        p.waits_since = clock.now;
        p.expected_wait = phone.expected_wait;
        int64_t today = start_day(p), ordinal = p.tries[phone.medium]++, c = clock.contacts++;
        clock.contact_end = clock.contact_rows = clock.contacts;
        Contacts& call = contacts[c];
        call.key = join(join(p.key, phone.key), uint64_t(today * 4096 + ordinal));
        call.arrival = call.posted = clock.now;
        call.reply = call.closed = call.abandoned_silently_at = call.gives_up = MISSING;
        call.staff = call.staff_before = call.child = call.sibling = NOBODY;
        call.author_waiting = 1;
        call.state = State_WAITING;
        call.outcome = Outcome_WAITING;
        call.result = Result_NONE;
        call.passenger = i;
        call.channel = 0;
        call.medium = phone.medium;
        call.operator_ = phone.operator_;
        call.desk = phone.desk;
        call.need = p.need;
        call.synchronous = 1;
        call.handle = call.rank = 0.0;
        call.number = call.root = int32_t(c);
        call.stamp = call.exchanges = 0;
        call.posts = 1;
        call.transferred = call.queued = call.expired = call.linked = call.callback = 0;
        call.in_hours = desk.rostered > 0;
        Cases& file = cases[i];
        if (file.contacts == 0) file.first_contact = c;
        file.contacts += 1;
        if (std::isnan(file.first_request)) { file.first_request = clock.now; file.first_channel = 0; }
        call.first_contact = file.first_contact;
        p.operator_ = phone.operator_;
        p.contacts += 1;
        p.open = c;
        immediately(Event_ADMIT, c);
    }
    void admit(int64_t c) {
        Contacts& call = contacts[c];
        ticks[clock.ticks].arrivals[phone.medium] += 1;
        phone.occupied += 1;
        if (phone.occupied > phone.trunks) __builtin_trap();  // no queue of this benchmark has an end
        if (announced_wait() > desk.callback_above) __builtin_trap();
        call.state = State_WAITING;
        call.gives_up = clock.now + phone.patience[call.need] * -ln(uniform(call.key, Purpose_PATIENCE, call.exchanges));
        schedule(call.gives_up > clock.now ? call.gives_up : clock.now, Event_ABANDON, c, call.stamp);
        call.rank = call.arrival;
        call.queued = call.linked = 1;
        phone.waiting += 1;
        if (line_tail == NOBODY) line_head = c; else contacts[line_tail].sibling = c;
        line_tail = c;
        desk.waiting_synchronous += 1;
        wake();
    }
    void wake() { if (!desk.woken) { desk.woken = 1; immediately(Event_DISPATCH, 0); } }
    void leave_queue(Contacts& call) {
        if (!call.queued) return;
        call.queued = 0;
        phone.waiting -= 1;
        desk.waiting_synchronous -= 1;
    }
    int32_t call_next() {
        while (line_head != NOBODY) {
            int32_t c = line_head;
            line_head = contacts[c].sibling;
            if (line_head == NOBODY) line_tail = NOBODY;
            contacts[c].sibling = NOBODY;
            contacts[c].linked = 0;
            if (contacts[c].queued) { leave_queue(contacts[c]); return c; }
        }
        return NOBODY;
    }
    void list_free(int32_t s) {
        staff[s].listed = 1;
        staff[s].next_free = NOBODY;
        if (free_tail == NOBODY) free_head = s; else staff[free_tail].next_free = s;
        free_tail = s;
    }
    void dispatch() {
        desk.woken = 0;
        while (desk.waiting_synchronous > 0 && free_head != NOBODY) {
            int32_t c = call_next();
            if (c == NOBODY) return;
            take(free_head, c);
        }
    }
    void take(int32_t s, int32_t c) {
        Contacts& call = contacts[c];
        Staff& person = staff[s];
        person.listed = 0;
        free_head = person.next_free;
        if (free_head == NOBODY) free_tail = NOBODY;
        call.state = State_IN_HAND;
        call.staff = s;
        call.stamp += 1;
        double mean = desk.handle[call.medium * NEEDS + call.need];
        double minutes = exponential(mean, call.key, Purpose_HANDLING, call.exchanges) * person.speed;
        call.transferred = 0;
        call.handle += minutes;
        person.contact = c;
        person.due = clock.now + minutes;
        person.contacts += 1;
        person.busy_minutes += minutes;
        desk.busy += 1;
        stop_waiting(call.passenger);
        call.reply = clock.now;
        call.outcome = Outcome_ANSWERED;
        Cases& file = cases[call.passenger];
        ticks[clock.ticks].answered += 1;
        if (std::isnan(file.first_response)) file.first_response = call.reply;
        if (std::isnan(file.first_person)) file.first_person = call.reply;
        schedule(clock.now + minutes, Event_REPLY, c, call.stamp);
    }
    void close(int64_t c, int8_t outcome) {
        Contacts& call = contacts[c];
        call.state = State_CLOSED;
        call.outcome = outcome;
        call.closed = clock.now;
        call.stamp += 1;
        phone.occupied -= 1;
        if (passengers[call.passenger].open == c) passengers[call.passenger].open = NOBODY;
    }
    void abandon(int64_t c) {
        Contacts& call = contacts[c];
        int64_t i = call.passenger;
        Passengers& p = passengers[i];
        double waited = (clock.now - call.arrival) / p.expected_wait;
        stop_waiting(i);
        leave_queue(call);
        close(c, Outcome_ABANDONED);
        if (waited > 1.0) disappoint(p, call.medium, behaviour.wait_penalty * ln(waited));
        int64_t occurrence = start_day(p) * 4096 + p.seeks;
        if (happens(behaviour.abandon_redial, p.key, Purpose_REDIAL, occurrence)) __builtin_trap();  // nobody redials
        if (p.status != Status_SEEKING || p.open != NOBODY) return;
        occurrence = start_day(p) * 4096 + p.seeks;
        if (!p.ordinary && happens(behaviour.persist, p.key, Purpose_PERSIST, occurrence)) __builtin_trap();
        stop_waiting(i);
        p.status = Status_GAVE_UP;
        stop_seeking(i);
    }
    void reply(int64_t c) {
        Contacts& call = contacts[c];
        int32_t s = call.staff;
        staff[s].contact = NOBODY;
        desk.busy -= 1;
        list_free(s);
        wake();
        call.stamp += 1;
        call.exchanges += 1;
        call.result = Result_SOLVED;
        close(c, call.outcome);
        immediately(Event_RECEIVE, c);
    }
    void receive(int64_t c) {
        Contacts& call = contacts[c];
        int64_t i = call.passenger;
        Passengers& p = passengers[i];
        Cases& file = cases[i];
        double quality = staff[call.staff].quality;
        file.replies += 1;
        double strength = behaviour.relief * quality;
        for (int32_t n = 1; n < file.replies; ++n) strength *= behaviour.relief_decay;
        feel(i);
        p.anger *= 1.0 - strength;
        feel(i);
        stop_waiting(i);
        file.useful_replies += 1;
        file.tone += quality;
        if (std::isnan(file.first_useful)) file.first_useful = clock.now;
        if (std::isnan(file.first_help)) file.first_help = clock.now;
        stop_waiting(i);
        p.status = Status_RESOLVED;
        file.resolved = clock.now;
        if (!p.ordinary) ticks[clock.ticks].resolved += 1;
        stop_seeking(i);
    }
    void tick(int64_t k) {
        Ticks& row = ticks[k];
        row.time = clock.now;
        row.mood += centre.mood * halved(clock.now - centre.mood_at, behaviour.mood_half_life);
        row.unresolved += centre.unresolved;
        centre.posts_since_tick = 0;
        row.backlog[phone.medium] += phone.waiting;
        levels[k] = {desk.waiting_synchronous, desk.waiting_deferred, desk.on_duty, desk.busy};
        clock.ticks = k + 1;
        if (clock.now < clock.end) {
            double next = clock.origin + (k + 2) * clock.bin;
            schedule(next < clock.end ? next : clock.end, Event_TICK, k + 1, 0);
        }
    }
    void finish(int64_t first) {
        int64_t last = first + AT_ONCE < clock.next_affected ? first + AT_ONCE : clock.next_affected;
        for (int64_t i = first; i < last; ++i) immediately(Event_SETTLE, i);
        if (last < clock.next_affected) immediately(Event_FINISH, last);
    }
    void settle(int64_t i) {  // a queue's customers rate nobody
        if (passengers[i].ordinary || passengers[i].status == Status_UNAWARE) return;
        feel(i);
    }

    bool live(const Due& due) const {
        if (due.kind >= Event_ABANDON && due.kind <= Event_REPLY) return contacts[due.subject].stamp == due.stamp;
        if (due.kind == Event_SEEK) return passengers[due.subject].return_stamp == due.stamp;
        if (due.kind == Event_DEADLINE || due.kind == Event_POST_ABOUT) return passengers[due.subject].stamp == due.stamp;
        return true;
    }
    void happen(int32_t kind, int64_t subject) {
        clock.events += 1;
        switch (kind) {
            case Event_AFFECT: affect(subject); break;
            case Event_SEEK: seek(subject); break;
            case Event_ADMIT: admit(subject); break;
            case Event_ABANDON: abandon(subject); break;
            case Event_REPLY: reply(subject); break;
            case Event_RECEIVE: receive(subject); break;
            case Event_DISPATCH: dispatch(); break;
            case Event_TICK: tick(subject); break;
            case Event_FINISH: finish(subject); break;
            case Event_SETTLE: settle(subject); break;
            default: __builtin_trap();
        }
    }
    void run(double until) {
        for (;;) {
            while (ring.head < ring.tail) {
                Todo todo = ring.ring[ring.head++ & 1023];
                happen(todo.kind, todo.subject);
            }
            double comes = clock.next_affected < people ? passengers[clock.next_affected].affected : NEVER;
            const Due* first = agenda.first();
            if (!first || comes < first->time || (comes == first->time && Event_AFFECT < first->kind)) {
                if (comes > until || comes == NEVER) return;
                clock.now = comes;
                happen(Event_AFFECT, clock.next_affected++);
                continue;
            }
            Due due = *first;
            if (due.time > until) return;
            agenda.pop();
            if (live(due)) { clock.now = due.time; happen(due.kind, due.subject); }
        }
    }
};

}  // namespace

// The addresses and lengths of all tables, in the order of enum Table.
extern "C" void run(const Table_of tables[], double until) {
    Queue queue{
        *(Clock*)tables[Table_clock].address, *(Behaviour*)tables[Table_behaviour].address,
        *(Operators*)tables[Table_operators].address, *(Channels*)tables[Table_channels].address,
        *(Desks*)tables[Table_desks].address, *(Cohorts*)tables[Table_cohorts].address,
        (Passengers*)tables[Table_passengers].address, tables[Table_passengers].length,
        (Contacts*)tables[Table_contacts].address, (Cases*)tables[Table_cases].address,
        (MediumExperience*)tables[Table_medium_experience].address, (Staff*)tables[Table_staff].address,
        (Ticks*)tables[Table_ticks].address, (DeskTicks*)tables[Table_desk_ticks].address, {}, {},
    };
    int32_t people = int32_t(tables[Table_staff].length);
    queue.desk.on_duty = queue.desk.rostered = people;
    queue.phone.is_open = 1;
    for (int32_t s = 0; s < people; ++s) queue.list_free(s);
    queue.schedule(queue.clock.now + queue.clock.bin, Event_TICK, 0, 0);
    queue.schedule(queue.clock.end, Event_FINISH, 0, 0);
    queue.run(until);
}
