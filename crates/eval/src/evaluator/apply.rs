//! Calling functions.

use nixscope_hir::{Expr, ExprId, Lambda, Symbol};

use super::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::heap::{Env, Thunk};
use crate::place::Place;
use crate::value::{Closure, Native, Unknown, UnknownKind, Value};

impl<'h> Evaluator<'h> {
    /// `function a b c`, with the arguments delayed.
    pub(super) fn apply_many(
        &self,
        env: &'h Env<'h>,
        function: Value<'h>,
        args: &'h [ExprId],
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        let mut function = function;
        let mut rest = args;
        while let Some((first, others)) = rest.split_first() {
            // A builtin takes all its arguments at once, without a partial application between.
            if let Value::Native(native) = function {
                let wanted = usize::from(native.builtin.arity) - native.args.len();
                if rest.len() >= wanted && wanted > 1 {
                    function = self.apply_native(env, native, &rest[..wanted], place)?;
                    rest = &rest[wanted..];
                    continue;
                }
            }
            if let Value::Lambda(closure) = function {
                let (value, used) =
                    self.apply_closure(closure, rest.len(), |index| self.delay(env, rest[index]), place)?;
                function = value;
                rest = &rest[used..];
                continue;
            }
            let argument = self.delay(env, *first);
            function = self.apply(function, argument, place)?;
            rest = others;
        }
        Ok(function)
    }

    /// Calls a builtin with the last of its arguments. Apart from the loop above, whose frame is on the stack for each of the
    /// calls inside one another.
    #[inline(never)]
    fn apply_native(
        &self,
        env: &'h Env<'h>,
        native: &'h Native<'h>,
        args: &'h [ExprId],
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        let mut all: Vec<&'h Thunk<'h>> = Vec::with_capacity(native.args.len() + args.len());
        all.extend_from_slice(native.args);
        all.extend(args.iter().map(|arg| self.delay(env, *arg)));
        self.run_native(native, &all, place)
    }

    /// Calls a function with one argument.
    pub fn apply(&self, function: Value<'h>, argument: &'h Thunk<'h>, place: Place) -> Eval<'h, Value<'h>> {
        match function {
            Value::Lambda(closure) => Ok(self.apply_closure(closure, 1, |_| argument, place)?.0),
            Value::Native(native) => {
                let mut args: Vec<&'h Thunk<'h>> = native.args.to_vec();
                args.push(argument);
                if args.len() < usize::from(native.builtin.arity) {
                    let args = self.heap.slice(&args);
                    return Ok(Value::Native(self.heap.alloc(Native { builtin: native.builtin, args })));
                }
                self.run_native(native, &args, place)
            }
            Value::Attrs(attrs) => match attrs.get(self.names.functor) {
                Some(functor) => {
                    let this = self.done(function);
                    let functor = self.force(functor.value)?;
                    let bound = self.apply(functor, this, place)?;
                    self.apply(bound, argument, place)
                }
                None => match attrs.open {
                    Some(unknown) => Ok(self.call_unknown(unknown, argument, place)),
                    None => Err(self.not_a_function(function, place)),
                },
            },
            Value::Unknown(unknown) => Ok(self.call_unknown(unknown, argument, place)),
            Value::Choice(choice) => {
                self.map_choice(choice, |function| self.apply(function, argument, place))
            }
            other => Err(self.not_a_function(other, place)),
        }
    }

    /// Calls a function of the program with as many of the arguments as it takes one after the other,
    /// without making the functions between. Gives the result and how many arguments it took.
    fn apply_closure(
        &self,
        closure: &'h Closure<'h>,
        count: usize,
        argument: impl Fn(usize) -> &'h Thunk<'h>,
        place: Place,
    ) -> Eval<'h, (Value<'h>, usize)> {
        self.deeper(|| {
            let mut lambda = closure.lambda;
            let mut env = self.bind_in(closure.env, lambda, argument(0), place)?;
            let mut used = 1;
            while used < count
                && let Expr::Lambda(inner) = &env.file.body.exprs[lambda.body]
            {
                lambda = inner;
                env = self.bind_in(env, lambda, argument(used), place)?;
                used += 1;
            }
            Ok((self.eval(env, lambda.body)?, used))
        })
    }

    fn not_a_function(&self, value: Value<'h>, place: Place) -> crate::error::Halt<'h> {
        let message = format!("{} is not a function and cannot be called", value.describe_type());
        self.error(ErrorKind::Type, &message, place)
    }

    /// Runs a builtin; an unknown argument that it needs makes the result unknown.
    fn run_native(&self, native: &Native<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
        let result = self.deeper(|| (native.builtin.run)(self, args, place));
        self.catch_unknown(result)
    }

    fn call_unknown(&self, function: &'h Unknown<'h>, argument: &'h Thunk<'h>, place: Place) -> Value<'h> {
        if function.is_long() {
            return Value::Unknown(function);
        }
        if let Some(value) = self.models.call(self, function, argument) {
            return value;
        }
        let taint = match function.taint {
            crate::value::Taint::PackageSet => crate::value::Taint::None,
            taint => taint,
        };
        Value::Unknown(self.heap.alloc(Unknown {
            kind: UnknownKind::Call(function, argument),
            reason: function.reason,
            taint,
            place,
        }))
    }

    /// The environment of a call: the argument taken apart.
    pub fn bind(
        &self,
        closure: &'h Closure<'h>,
        argument: &'h Thunk<'h>,
        place: Place,
    ) -> Eval<'h, &'h Env<'h>> {
        self.bind_in(closure.env, closure.lambda, argument, place)
    }

    fn bind_in(
        &self,
        parent: &'h Env<'h>,
        lambda: &'h Lambda,
        argument: &'h Thunk<'h>,
        place: Place,
    ) -> Eval<'h, &'h Env<'h>> {
        let formals = lambda.formals.as_deref().unwrap_or_default();
        let slots = self.heap.slots(formals.len() + usize::from(lambda.arg.is_some()), argument);
        let env = self.heap.env(Env { parent: Some(parent), file: parent.file, slots });
        self.note_call(env, place);
        let watching = self.watching.get();
        if !watching.is_empty()
            && let Ok(at) = watching.binary_search_by_key(&std::ptr::from_ref(lambda), |(it, _)| *it)
        {
            self.observed.borrow_mut().push((watching[at].1, env));
        }
        if lambda.formals.is_none() {
            return Ok(env);
        }
        self.bind_formals(env, lambda, argument, place)?;
        Ok(env)
    }

    /// Takes the argument of a function apart that names what it wants.
    fn bind_formals(
        &self,
        env: &'h Env<'h>,
        lambda: &'h Lambda,
        argument: &'h Thunk<'h>,
        place: Place,
    ) -> Eval<'h, ()> {
        let formals = lambda.formals.as_deref().unwrap_or_default();
        let slots = env.slots.cells();
        let value = self.force(argument)?;
        let given = match self.settle(value)? {
            Value::Attrs(attrs) => attrs,
            other @ (Value::Unknown(_) | Value::Config(_) | Value::Choice(_)) => {
                for (formal, slot) in formals.iter().zip(slots) {
                    let place = Place::name(env.file.index, formal.place);
                    let base = self.done(other);
                    slot.set(self.delay_select(base, formal.name, place));
                }
                return Ok(());
            }
            other => return Err(self.type_error("a set of arguments", other, place)),
        };
        let mut taken = 0;
        for (formal, slot) in formals.iter().zip(slots) {
            match (given.get(formal.name), formal.default, given.open) {
                (Some(attr), _, _) => {
                    taken += 1;
                    slot.set(attr.value);
                }
                (None, Some(default), None) => slot.set(self.delay_default(env, default)),
                (None, _, Some(unknown)) => {
                    let place = Place::name(env.file.index, formal.place);
                    let base = self.done(Value::Unknown(unknown));
                    slot.set(self.delay_select(base, formal.name, place));
                }
                (None, None, None) => {
                    let message = format!(
                        "the function needs an argument `{}`, which the call does not give",
                        formal.name
                    );
                    return Err(self.error(ErrorKind::Arguments, &message, place));
                }
            }
        }
        if !lambda.open && taken < given.entries.len() {
            let surplus = given
                .sorted()
                .into_iter()
                .find(|attr| !formals.iter().any(|formal| formal.name == attr.name));
            if let Some(surplus) = surplus {
                let message = format!("the function takes no argument `{}`", surplus.name);
                return Err(self.error(ErrorKind::Arguments, &message, surplus.place.or(place)));
            }
        }
        Ok(())
    }

    fn delay_default(&self, env: &'h Env<'h>, default: ExprId) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::expr(env, default))
    }

    /// Calls with several arguments that are thunks already.
    pub fn apply_all(
        &self,
        function: Value<'h>,
        args: &[&'h Thunk<'h>],
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        if let Value::Native(native) = function
            && native.args.is_empty()
            && usize::from(native.builtin.arity) == args.len()
        {
            return self.run_native(native, args, place);
        }
        let mut function = function;
        let mut rest = args;
        while let Some((first, others)) = rest.split_first() {
            if let Value::Lambda(closure) = function {
                let (value, used) = self.apply_closure(closure, rest.len(), |index| rest[index], place)?;
                function = value;
                rest = &rest[used..];
            } else {
                function = self.apply(function, first, place)?;
                rest = others;
            }
        }
        Ok(function)
    }

    /// The names of a function's formal arguments with whether each has a default; none where the
    /// function takes anything.
    pub fn formals(&self, function: Value<'h>) -> Option<Vec<(Symbol, bool, Place)>> {
        let Value::Lambda(closure) = function else { return None };
        let formals = closure.lambda.formals.as_deref()?;
        let file = closure.env.file.index;
        Some(formals.iter().map(|it| (it.name, it.default.is_some(), Place::name(file, it.place))).collect())
    }

    /// Whether a function with formal arguments takes others too: `{ a, ... }`.
    pub fn takes_any_argument(&self, function: Value<'h>) -> bool {
        matches!(function, Value::Lambda(closure) if closure.lambda.open)
    }
}
