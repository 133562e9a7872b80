// The page: it asks, and draws the answer. It asks nothing while an answer is outstanding.

const SPEEDS = [
  [10, "10 minutes"], [30, "half an hour"], [60, "an hour"], [120, "2 hours"], [360, "6 hours"], [720, "12 hours"],
];
const MOVES = ["step", "jump", "reset", "story"];  // of those that wait their turn, the last alone counts
const AGAIN = "Running the crisis again, same luck ...";
const PATIENCE = {
  hello: AGAIN, choose: AGAIN, levers: AGAIN, sides: AGAIN, jump: AGAIN, reset: AGAIN,
  story: "Following this passenger through the crisis so far ...",
};
const LEAST_PAUSE = 60;  // milliseconds between two frames

module.exports = {
  data() {
    return {
      setup: null, frame: null, tale: null, troubles: {}, playing: false, started: false, speed: 120, speeds: SPEEDS,
      dark: false, drawn: 0, drawMs: 0, serverMs: 0, hoverAt: null, patience: "", chosen: null,
    };
  },
  created() {
    this.crowds = []; this.pasts = []; this.askedAt = null;
    this.outstanding = false; this.inLine = []; this.asks = 0;
    this.started = this.embedded;
  },
  mounted() {
    const kept = localStorage.getItem("caresim-theme");
    this.dark = kept ? kept === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
    this.resized = () => this.redraw();
    window.addEventListener("resize", this.resized);
    this.left = () => { this.leaving = true; };
    window.addEventListener("beforeunload", this.left);
    this.say({ ask: "hello" });
  },
  beforeDestroy() {
    this.playing = false;
    window.removeEventListener("resize", this.resized);
    window.removeEventListener("beforeunload", this.left);
  },
  computed: {
    shown() { return this.setup ? this.setup.sides : []; },
    since() {
      if (!this.frame) return "";
      const hours = Math.floor(Math.abs(this.frame.time) / 60);
      const text = hours < 48 ? hours + " h" : Math.floor(hours / 24) + " days " + hours % 24 + " h";
      return this.frame.time < 0 ? text + " before it begins" : text + " after it began";
    },
    latestNews() {
      if (!this.frame) return null;
      const items = this.setup.news.filter(([minute]) => minute <= this.frame.time && minute > this.frame.time - 1440);
      if (!items.length) return null;
      const [minute, text] = items[items.length - 1];
      return [Math.floor((this.frame.time - minute) / 60) + " h ago:", text];
    },
  },
  watch: {
    dark() { this.$nextTick(() => this.redraw()); },
    tale() { this.$nextTick(() => this.redraw()); },
  },
  methods: {
    // --- what the page asks, and what it gets ---
    say(ask) {
      if (ask.side !== undefined) this.$set(this.troubles, ask.side, "");
      if (!this.outstanding) return this.send(ask);
      if (ask.ask === "advance") return;  // the answer that is to come goes on by itself
      if (MOVES.includes(ask.ask)) this.inLine = this.inLine.filter((waiting) => !MOVES.includes(waiting.ask));
      this.inLine.push(ask);
    },
    send(ask) {
      if (this.leaving) return;
      if (PATIENCE[ask.ask]) this.beg(PATIENCE[ask.ask]);
      this.outstanding = true;
      this.asks++;
      try {
        this.ask(ask);
      } catch (problem) {  // the server has gone
        this.playing = false;
        clearTimeout(this.begging);
        this.patience = "The connection is lost (" + problem.message + "): load the page again.";
      }
    },
    beg(text) {
      clearTimeout(this.begging);
      this.begging = setTimeout(() => { this.patience = text; }, 350);
    },
    jupyter_show(kind, values, buffers) {
      clearTimeout(this.begging);
      this.patience = "";
      this["on_" + kind](values, buffers || []);
    },
    on_done() {
      this.outstanding = false;
      if (this.inLine.length) this.send(this.inLine.shift());
      else if (this.frame) this.goOn();
    },
    on_setup(values) { this.setup = values; },
    on_story(values) { this.tale = values; this.chosen = values.passenger; },
    on_trouble(values) {
      this.playing = false;
      this.$set(this.troubles, values.side || 0, values.text);
      if (this.setup) this.setup = JSON.parse(JSON.stringify(this.setup));  // controls go back to what holds
    },
    on_frame(values, buffers) {
      const begun = performance.now();
      this.crowds = []; this.pasts = [];
      values.sides.forEach((side, s) => {
        const [waits, angers, marks, past] = buffers.slice(4 * s, 4 * s + 4)
          .map((view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
        const crowd = { waits: new Uint16Array(waits), angers: new Uint16Array(angers), marks: new Uint8Array(marks) };
        this.crowds.push(crowd);
        const all = new Float32Array(past), bins = side.series.length ? all.length / side.series.length : 0;
        const series = side.series.map((name, k) => [name, all.subarray(k * bins, (k + 1) * bins)]);
        this.pasts.push(Object.fromEntries(series));
      });
      this.frame = values;
      this.serverMs = Math.round(values.processor_milliseconds);
      this.$nextTick(() => {
        this.redraw();
        this.drawMs = Math.round(performance.now() - begun);
        this.drawn = values.number;
      });
    },
    // --- time ---
    toggle() {
      this.playing = !this.playing; this.started = true;
      if (this.playing) {
        this.askedAt = performance.now();
        if (this.frame.ended) this.say({ ask: "reset" });
        else this.advance(this.speed * LEAST_PAUSE / 1000);
      }
    },
    advance(minutes) { this.say({ ask: "advance", minutes }); },
    goOn() {
      if (this.frame.ended) this.playing = false;
      if (!this.playing) return;
      const since = performance.now() - this.askedAt;
      clearTimeout(this.next);
      this.next = setTimeout(() => {
        if (!this.playing) return;
        const now = performance.now(), passed = Math.min(now - this.askedAt, 500);
        this.askedAt = now;
        this.advance(this.speed * passed / 1000);
      }, Math.max(0, LEAST_PAUSE - since));
    },
    step() { this.playing = false; this.started = true; this.say({ ask: "step" }); },
    reset() { this.playing = false; this.say({ ask: "reset" }); },
    jump(event) {
      if (this.embedded) return;
      this.started = true;
      this.say({ ask: "jump", time: this.minuteAt(event) });
    },
    minuteAt(event) {
      const edge = this.$refs.timeline.getBoundingClientRect();
      const left = MARGIN * palette(this.$refs.stage).size;
      const share = Math.max(0, event.clientX - edge.left - left) / (edge.width - left);
      return this.setup.begins + (this.setup.ends - this.setup.begins) * share;
    },
    hover(event) { this.hoverAt = this.embedded ? null : event.offsetX; this.redrawTimeline(); },
    key(event) {
      if (event.key === "Escape") this.tale = null;
      const tag = event.target.tagName;
      if (this.embedded || tag === "INPUT" || tag === "SELECT") return;
      if (event.key === " " && tag !== "BUTTON") { event.preventDefault(); this.toggle(); }
      if (event.key === "ArrowRight" && !(event.repeat && this.outstanding)) this.step();
    },
    // --- switches and stories ---
    lever(side, values) { this.say({ ask: "levers", side, values }); },
    most(side) { return Math.max(12, 2 * side.levers.team); },
    pick(s, event) {
      if (!this.crowds[s]) return;
      const passenger = nearest(this.$refs["cloud" + s][0], this.crowds[s], event, palette(this.$refs.stage));
      if (passenger !== null) this.story(s, passenger);
    },
    story(side, passenger) {
      this.playing = false;
      this.started = true;
      this.say({ ask: "story", side, passenger });
    },
    switchTheme() {
      this.dark = !this.dark;
      localStorage.setItem("caresim-theme", this.dark ? "dark" : "light");
    },
    // --- words ---
    headline(s) {
      if (!this.frame || !this.frame.sides[s]) return [];
      const n = this.frame.sides[s].numbers;
      const share = (value) => value === null ? "–" : Math.round(100 * value) + " %";
      const digits = (value, places) => value === null ? "–" : value.toFixed(places);
      const last = this.frame.ended
        ? ["satisfaction", digits(n.satisfaction, 2), "satisfaction, of 1 to 5", "of all with a need, at the end"]
        : ["anger", n.anger === null ? "–" : digits(10 * n.anger, 1), "anger of those waiting, of 10",
          "mean of all who seek help and have no answer yet; satisfaction is shown at the end, when all have rated"];
      return [
        ["social", share(n.social), "posts answered within the hour",
          "of passengers' posts and messages, of those written at least an hour ago"],
        ["answered", share(n.answered), "of all requests within the hour",
          "on any channel, of those made at least an hour ago"],
        ["never", grouped(n.never), "posts never answered or too late",
          "passengers' posts and messages that were put aside as too old, or whose author gave up before any reply"],
        ["waiting", grouped(n.waiting), this.frame.ended ? "still waited at the end" : "wait and can be answered",
          "passengers who still care and wait for a first reply, at an account that nobody answers, too; apart from them: "
          + grouped(n.waiting_ordinary) + " ordinary customers, " + grouped(n.waiting_bystanders) + " bystanders' posts, "
          + grouped(n.expired) + " posts that have expired"],
        last,
        ["resolved", grouped(n.resolved), "resolved, of " + grouped(n.affected),
          "of all who have needed something so far"],
        ["paid_hours", grouped(n.paid_hours), this.frame.sides[s].hours_against,
          "paid hours of the whole run: all desks together, phone and counters too, as planned"],
      ].map(([key, value, label, hint]) => ({ key, value, label, hint }));
    },
    legend(s) {
      const marks = [0, 0, 0, 0, 0];
      if (this.frame && this.crowds[s]) for (const mark of this.crowds[s].marks) marks[mark]++;
      return [
        [1, "waiting", "seek help, and nobody has answered yet"], [2, "answered", "answered, and not settled yet"],
        [3, "resolved", ""], [4, "gave up", "gave up, or it is too late"],
      ].map(([mark, word, hint]) => ({ mark, word, hint, count: grouped(marks[mark]) }));
    },
    few(desk) { return desk.focus && (desk.tiles.length < 5 || desk.present < 4 && desk.tiles.length < 40); },
    short(minutes) {
      if (minutes < 60) return minutes + "m";
      return minutes < 1440 ? Math.round(minutes / 60) + "h" : Math.round(minutes / 1440) + "d";
    },
    tileTitle(desk, n, tile) {
      const kept = tile[1] ? "; " + tile[1] + " more conversations kept open" : "";
      return desk.name + ", person " + (n + 1) + ": " + tile[4] + kept;
    },
    // --- drawing ---
    redraw() {
      if (!this.setup || !this.frame || this.crowds.length !== this.shown.length) return;
      const colours = palette(this.$refs.stage);
      const tops = roofs(this.pasts, this.setup.media, colours, this.dark);
      this.crowds.forEach((crowd, s) => {
        const cloud = this.$refs["cloud" + s], strips = this.$refs["strips" + s];
        if (!cloud || !strips) return;
        drawCloud(cloud[0], crowd, this.setup.longest_wait, colours, this.tale ? this.chosen : null);
        drawStrips(strips[0], this.pasts[s], tops, this.setup, this.frame.time, colours, this.dark);
      });
      this.redrawTimeline(colours);
    },
    redrawTimeline(colours) {
      if (!this.frame) return;
      const { stage, timeline } = this.$refs;
      drawTimeline(timeline, this.setup, this.frame, this.pasts, colours || palette(stage), this.hoverAt);
    },
  },
};
