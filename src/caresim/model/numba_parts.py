"""Whatever touches private parts of Numba: all laws become one piece of machine code, instead of a library each.

Numba compiles a function by linking, optimising and emitting all that it calls, again for every caller. Here a law is
lowered to LLVM code that only *declares* what it calls, by a name of ours. Laws can then be lowered in any order and in
several processes; they are linked, optimised and emitted once. `SUITS` says whether this Numba is one with which that
has been tried; with another one, jit.py goes by Numba's documentation, which takes three times as long.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba

VERSIONS = ((0, 68), (0, 69))
"""From which version of Numba on this has been tried, and below which."""
SUITS = VERSIONS[0] <= tuple(map(int, re.findall(r"\d+", numba.__version__)[:2])) < VERSIONS[1]

if SUITS:
    try:
        from numba import _dynfunc
        from numba.core import compiler, funcdesc, typed_passes, untyped_passes
        from numba.core.codegen import JITCodeLibrary
        from numba.core.compiler_lock import global_compiler_lock
        from numba.core.compiler_machinery import PassManager
        from numba.core.lowering import Environment
        from numba.core.registry import CPUDispatcher, cpu_target
    except ImportError:
        SUITS = False

if SUITS:

    class LawDispatcher(CPUDispatcher):
        """What a law is to Numba: one signature, and code that comes from elsewhere.

        `gives_up` turns it into a plain dispatcher of Numba's.
        """

        gives_up = False
        bring: Callable[[], Callable]
        """Gives what Python calls; asked by Python's first call, and by calls with other types than the signature's."""

        def _compile_for_args(self, *arguments: Any, **by_name: Any) -> Any:
            return super()._compile_for_args(*arguments, **by_name) if self.gives_up else self.bring()

        def compile(self, signature: Any) -> Any:
            """Nothing is compiled because somebody calls it: what it is declared as is all there is."""
            if self.gives_up:
                return super().compile(signature)
            (declared,) = self.overloads.values()
            return declared.entry_point

        def answer(self, signature: Any, code: Callable) -> None:
            """Let Python's calls with the very types of the signature go to `code` without a detour."""
            self._insert([kind._code for kind in signature.args], code, False)

        def give_up(self) -> None:
            """From now on, be what Numba's documentation says."""
            self._clear()
            self.overloads.clear()
            self.gives_up = True

    class _Declared(JITCodeLibrary):
        """In the place of a law's library: code is made when somebody else's function links it."""

        def __init__(self, name: str, closure: Callable[[str], Any]) -> None:
            super().__init__(cpu_target.target_context.codegen(), name)
            self._closure = closure
            self._made: Any = None
            self._finalized = True

        def _get_module_for_linking(self) -> Any:
            if self._made is None:
                self._made = self._closure(self.name)
            return self._made

    class _Lean(compiler.CompilerBase):
        """Numba's passes but those that look for what laws do not have: closures, loops to lift, inlined overloads."""

        def define_pipelines(self) -> list[Any]:
            passes = PassManager("law")
            for each in (
                untyped_passes.TranslateByteCode, untyped_passes.FixupArgs, untyped_passes.IRProcessing,
                untyped_passes.GenericRewrites, untyped_passes.RewriteDynamicRaises, untyped_passes.ReconstructSSA,
                typed_passes.NopythonTypeInference, typed_passes.PreLowerStripPhis,
                typed_passes.NoPythonSupportedFeatureValidation, typed_passes.IRLegalization,
                typed_passes.NativeLowering, typed_passes.NoPythonBackend,
            ):  # fmt: skip
                passes.add_pass(each, each._name)
            passes.finalize()
            return [passes]


def dispatcher_of(function: Callable, options: Mapping[str, Any]) -> Any:
    """What a law's name stands for, in Python and in the code of other laws."""
    return LawDispatcher(function, locals={}, targetoptions={"nopython": True, **options})


def plain_dispatcher_of(function: Callable, options: Mapping[str, Any], bring: Callable[[Any], Callable]) -> Any:
    """Numba's own dispatcher; `bring` gives what Python calls, of the dispatcher that has no code yet.

    By itself, Numba would compile for the arguments of the call and not for the law's signature.
    """
    dispatcher = numba.njit(**options)(function)
    dispatcher._compile_for_args = lambda *arguments, **by_name: bring(dispatcher)
    return dispatcher


@contextmanager
def numba_keeps_in(folder: str) -> Iterator[None]:
    """Where functions that are given a cache meanwhile have it, whatever a file of settings in the folder says."""
    settings = {"CACHE_DIR": folder, "CACHE_LOCATOR_CLASSES": ""}
    before = {name: getattr(numba.config, name) for name in settings if hasattr(numba.config, name)}
    for name in before:
        setattr(numba.config, name, settings[name])
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(numba.config, name, value)


def keep_without_fail(dispatcher: Any, folder: Path, tell: Callable[[str], None]) -> None:
    """Keep code only within `folder`, and go on where that fails; `tell` hears why it does."""
    cache = getattr(dispatcher, "_cache", None)
    if cache is None:
        return
    if folder not in Path(cache.cache_path).parents:
        cache.disable()
        return
    save = cache.save_overload

    def save_overload(signature: Any, code: Any) -> None:
        try:
            save(signature, code)
        except OSError as error:
            tell(f"{folder}: {error.strerror or error}")

    cache.save_overload = save_overload


def declare(dispatcher: Any, name: str, signature: Any, closure: Callable[[str], Any]) -> None:
    """Tell Numba a law's signature and name; `closure` gives its LLVM code with all it calls, to those who want it."""
    typing, target = cpu_target.typing_context, cpu_target.target_context
    described = funcdesc.ExternalFunctionDescriptor(name, signature.return_type, signature.args)
    library, key = _Declared(name, closure), object()
    dispatcher.overloads[tuple(signature.args)] = compiler.compile_result(
        typing_context=typing, target_context=target, entry_point=key, library=library, signature=signature,
        objectmode=False, fndesc=described,
    )  # fmt: skip
    target.insert_user_function(key, described, [library])


def lowered(dispatcher: Any, name: str, signature: Any, wrapped: bool) -> tuple[Any, list[str]]:
    """A law's own LLVM code, and the names of the laws that it calls.

    `wrapped`: with a function around it that Python can call, called `wrapper(name)`.
    """
    typing, target = cpu_target.typing_context, cpu_target.target_context
    flags = compiler.Flags()
    cpu_target.options.parse_as_flags(flags, dispatcher.targetoptions)
    flags.no_compile = flags.no_cfunc_wrapper = True
    flags.no_cpython_wrapper = not wrapped
    with global_compiler_lock:
        library = target.codegen().create_library(name)
        made = compiler.compile_extra(
            typing, target, dispatcher.py_func, signature.args, signature.return_type, flags, {}, library, _Lean
        )
    if made.environment.consts or library._reload_init:
        raise NotImplementedError(f"{name} needs Python objects at run time")
    module = library._final_module
    kept = {made.fndesc.mangled_name: name}
    if wrapped:
        kept[made.fndesc.llvm_cpython_wrapper_name] = wrapper(name)
        module.get_global_variable(made.fndesc.env_name).name = environment(name)
    for other in library._linking_libraries:
        if not isinstance(other, _Declared):
            module.link_in(other._get_module_for_linking(), preserve=True)
    for function in module.functions:
        if function.name in kept:
            function.name = kept[function.name]
        elif not function.is_declaration:
            function.linkage = "private"
    return module, [other.name for other in library._linking_libraries if isinstance(other, _Declared)]


def wrapper(name: str) -> str:
    """What the function is called by which Python calls a law."""
    return f"python.{name}"


def environment(name: str) -> str:
    """What the variable is called in which the wrapper finds the law's environment."""
    return f"environment.{name}"


@contextmanager
def without_collection() -> Iterator[None]:
    """Lowering makes millions of objects and hardly a cycle: collecting takes a tenth of the time, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def linked(modules: Iterable[Any], exported: Collection[str], linkage: str = "private") -> Any:
    """The modules as one. Laws and wrappers that they define but `exported` get another `linkage`.

    Private functions may be called in ways of their own, and no other code in the process can find them by name. (An
    internal one it could, and would call it wrongly.)
    """
    first, *others = modules
    whole = first.clone()
    for module in others:
        whole.link_in(module, preserve=True)
    for function in whole.functions:
        inner = function.is_declaration or function.linkage == llvm.Linkage.private
        if not inner and function.name not in exported:
            function.linkage = linkage
    return whole


def processor() -> tuple[str, str]:
    """What Numba compiles for: a processor's name and features."""
    _, name, features = cpu_target.target_context.codegen().magic_tuple()
    return name, features


def machine_of(name: str, features: str) -> Any:
    """What emits code for a processor of this name and these features, to be loaded by Numba."""
    target = llvm.Target.from_triple(llvm.get_process_triple())
    arch = llvm.get_process_triple().split("-")[0]
    reloc = "static" if arch.startswith("x86") else "default"
    return target.create_target_machine(
        cpu=name, features=features, opt=3, reloc=reloc, codemodel="jitdefault", jit=True
    )


def emitted(module: Any, machine: Any) -> bytes:
    """The module's machine code, as an object file. The module is changed."""
    for level, vectorise in ((0, False), (3, True)):
        tuning = llvm.create_pipeline_tuning_options(speed_level=level)
        tuning.loop_vectorization, tuning.slp_vectorization = vectorise, False
        passes = llvm.create_pass_builder(machine, tuning)
        manager = passes.getModulePassManager()
        manager.add_refprune_pass()
        manager.run(module, passes)
    module.verify()
    return machine.emit_object(module)


def loaded(code: bytes, laws: Mapping[str, Callable]) -> dict[str, Callable]:
    """What Python calls, by the name of each law (given with its function) that `code` has a wrapper for."""
    with global_compiler_lock:
        cpu_target.target_context.refresh()
        codegen = cpu_target.target_context.codegen()
        library = codegen.create_library("caresim")
        library.enable_object_caching()
        library._set_compiled_object(code)
        library._finalize_final_module()
        found = {}
        for name, function in laws.items():
            space = Environment(function.__globals__)
            space.env_name = environment(name)
            codegen.set_env(space.env_name, space)
            address = codegen._engine.get_function_address(wrapper(name))
            if not address:
                raise LookupError(f"there is no code of {name}")
            module = sys.modules[function.__module__]
            alive = (library, space)
            found[name] = _dynfunc.make_function(
                module, function.__name__, function.__doc__ or "", address, space, alive
            )
        return found
