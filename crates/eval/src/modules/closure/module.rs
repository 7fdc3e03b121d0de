//! One module's value: its function is called, its parts are told apart, its imports followed.

use super::*;

/// What a module may have beside `options` and `config`.
const LONG_FORM: &[&str] =
    &["_class", "_file", "key", "disabledModules", "imports", "options", "config", "meta", "freeformType"];

/// What of a module without `options` and `config` is no definition.
const SHORT_FORM: &[&str] =
    &["_class", "_file", "key", "disabledModules", "imports", "freeformType", "require"];

impl<'h> Collector<'_, 'h> {
    pub(super) fn body(
        &mut self,
        value: Value<'h>,
        source: Option<SourceFile>,
        name: &'h str,
        key: &'h str,
        import: Import<'h>,
    ) {
        if self.depth > MAX_IMPORT_DEPTH {
            let message = "the imports are nested too deeply: do modules import each other?";
            return self.problem(ProblemCause::Failed(ErrorKind::StackOverflow), message, import.place);
        }
        self.depth += 1;
        let mut function = None;
        let called = match value {
            Value::Lambda(closure) => match self.bind(closure, key, import.place) {
                Ok(env) => {
                    function = function_of(self.ev, closure, env);
                    self.ev.eval(env, closure.lambda.body)
                }
                Err(halt) => Err(halt),
            },
            // A module that a builtin gives, or a set that can be called, takes whatever every module gets.
            Value::Native(_) => {
                let argument = self.arguments(&[], key, import.place);
                self.ev.apply(value, argument, import.place)
            }
            Value::Attrs(attrs) if attrs.get(self.ev.names.functor).is_some() => {
                let formals = self.functor_formals(attrs);
                let argument = self.arguments(&formals, key, import.place);
                self.ev.apply(value, argument, import.place)
            }
            other => Ok(other),
        };
        let first = self.closure.modules.len();
        self.instance(called, source, name, key, import);
        if let Some(module) = self.closure.modules.get_mut(first) {
            module.function = function;
        }
        self.depth -= 1;
    }

    /// The names that a set with `__functor` says it takes.
    fn functor_formals(&self, attrs: &'h Attrs<'h>) -> Vec<(Symbol, bool, Place)> {
        let Some(args) = attrs.get(Symbol::new("__functionArgs")) else { return Vec::new() };
        match self.ev.force_attrs(args.value, args.place) {
            Ok(args) => args.entries.iter().map(|attr| (attr.name, true, attr.place)).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// A module whose function has been called.
    fn instance(
        &mut self,
        called: crate::error::Eval<'h, Value<'h>>,
        source: Option<SourceFile>,
        name: &'h str,
        key: &'h str,
        import: Import<'h>,
    ) {
        let place = import.place;
        let attrs = match called.and_then(|value| self.ev.settle(value)) {
            Ok(value @ (Value::Attrs(_) | Value::Config(_) | Value::Unknown(_) | Value::Choice(_))) => {
                self.ev.as_attrs(value, place)
            }
            Ok(_) => {
                self.push(source, name, key, import, None, None);
                return self.failed(&format!("module {name} ({key}) does not look like a module."), place);
            }
            Err(halt) => Err(halt),
        };
        let attrs = match attrs {
            Ok(attrs) => attrs,
            Err(Halt::Unknown(module)) => {
                self.push(source, name, key, import, None, None);
                self.closure.external.push(ExternalImport { module, place });
                return;
            }
            Err(Halt::Fail(error)) => {
                self.push(source, name, key, import, None, None);
                let cause = ProblemCause::Failed(error.kind);
                return self.problem_with(cause, error.message, error.place.or(place), error.notes);
            }
        };
        let get = |name: &str| attrs.get(Symbol::new(name)).map(|attr| attr.value);
        match type_tag(self.ev, attrs) {
            None | Some("module") => {}
            Some("if" | "override" | "merge" | "order") => {
                let config = self.ev.done_at(Value::Attrs(attrs), place);
                self.push(source, name, key, import, Some(config), None);
                return;
            }
            Some(tag) => {
                self.push(source, name, key, import, None, None);
                let message = self.not_a_module(tag, import);
                return self.failed(&message, place);
            }
        }
        let name = get("_file").and_then(|it| self.text(it)).unwrap_or(name);
        let own_key = get("key").and_then(|it| self.text(it));
        if let Some(own) = own_key
            && let Some(known) = self.keys.get(own)
        {
            return self.closure.graph.again(*known, import);
        }
        let key = own_key.unwrap_or(key);
        let long = get("config").is_some() || get("options").is_some();
        if long {
            self.unsupported(attrs, key);
        }
        let (config, options) = match long {
            true => (get("config"), get("options")),
            false => (Some(self.shorthand(attrs)), None),
        };
        let config = self.with_settings(config, get("freeformType"), get("meta").filter(|_| long));
        let index = self.push(source, name, key, import, config, options);
        if own_key.is_some() {
            self.keys.insert(key, index);
        }
        self.check_class(get("_class"), name, place);
        if let Some(disabled) = get("disabledModules") {
            self.disable(disabled, name);
        }
        let inner = Import { importer: Some(index), name, key, at: 0, ..import };
        if let Some(imports) = get("require").filter(|_| !long) {
            self.list(imports, inner);
        }
        if let Some(imports) = attrs.get(Symbol::new("imports")) {
            self.closure.modules[index].imports = Some(imports.place);
            self.list(imports.value, inner);
        }
    }

    /// What `toString` makes of a value, where that is known.
    fn text(&self, thunk: &'h Thunk<'h>) -> Option<&'h str> {
        match self.ev.force(thunk).ok()? {
            Value::Path(path) => Some(path),
            value => {
                let text = self.ev.coerce(value, crate::coerce::Coercion::ToString, thunk.place());
                text.ok().map(|text| text.text)
            }
        }
    }

    /// Reports what has no place in a module with `options` or `config`.
    fn unsupported(&mut self, attrs: &Attrs<'h>, key: &str) {
        let bad: Vec<&Attr<'h>> =
            attrs.sorted().into_iter().filter(|attr| !LONG_FORM.contains(&attr.name.as_str())).collect();
        let Some(first) = bad.first() else { return };
        let names: Vec<&str> = bad.iter().map(|attr| attr.name.as_str()).collect();
        let message = format!(
            "Module `{key}' has an unsupported attribute `{}'. This is caused by introducing a top-level \
             `config' or `options' attribute. Add configuration attributes immediately on the top level \
             instead, or move all of them (namely: {}) into the explicit `config' attribute.",
            first.name,
            names.join(" "),
        );
        self.failed(&message, first.place);
    }

    /// A module without `config` and `options` is configuration, but for a few names.
    fn shorthand(&self, attrs: &'h Attrs<'h>) -> &'h Thunk<'h> {
        let special = |attr: &&Attr<'h>| !SHORT_FORM.contains(&attr.name.as_str());
        if attrs.entries.iter().all(|attr| special(&attr)) {
            return self.ev.done(Value::Attrs(attrs));
        }
        let entries: Vec<Attr<'h>> = attrs.entries.iter().filter(special).copied().collect();
        self.ev.done(self.ev.attrs_sorted(&entries, attrs.open))
    }

    /// `freeformType` and `meta` of a module are definitions too.
    fn with_settings(
        &self,
        config: Option<&'h Thunk<'h>>,
        freeform: Option<&'h Thunk<'h>>,
        meta: Option<&'h Thunk<'h>>,
    ) -> Option<&'h Thunk<'h>> {
        let ev = self.ev;
        let set = |name: &str, value: &'h Thunk<'h>| {
            ev.attrs(vec![Attr { name: Symbol::new(name), place: value.place(), value }])
        };
        let mut contents: Vec<&'h Thunk<'h>> = config.into_iter().collect();
        contents.extend(meta.map(|it| ev.done(set("meta", it))));
        contents.extend(freeform.map(|it| ev.done(set("_module", ev.done(set("freeformType", it))))));
        match contents.as_slice() {
            [] => None,
            [only] => Some(only),
            several => {
                let list =
                    Attr { name: ev.names.contents, place: Place::NONE, value: ev.done(ev.list(several)) };
                Some(ev.done(ev.attrs(vec![ev.attr("_type", ev.string("merge")), list])))
            }
        }
    }

    fn not_a_module(&self, tag: &str, import: Import<'h>) -> String {
        let importer = match import.name {
            UNKNOWN_FILE => String::new(),
            name => format!(", while trying to load a module into {name}"),
        };
        let option = match self.system.setting.prefix {
            [] => String::new(),
            prefix => {
                let option = crate::modules::show_option_path(prefix);
                format!(", while trying to load a module into the option `{option}'")
            }
        };
        let help = match tag {
            "configuration" => {
                "\nIf you really mean to import this configuration, instead please only import the modules \
                 that make up the configuration."
            }
            "flake" => {
                "\nPerhaps you forgot to select an attribute name: a flake's modules are in \
                 `nixosModules`, `darwinModules`, `homeModules`."
            }
            _ => "",
        };
        format!(
            "Expected a module, but found a value of type {tag:?}{importer}{option}.\nEach element of \
             `imports` must be a module.{help}"
        )
    }

    /// A module that says what it is for is not for another class.
    fn check_class(&mut self, class: Option<&'h Thunk<'h>>, name: &str, place: Place) {
        let (Some(class), Some(wanted)) = (class, self.system.setting.expected_class) else { return };
        if let Ok(Value::Str(text)) = self.ev.force(class)
            && text.text != wanted
        {
            let message = format!(
                "The module `{name}` (class: {:?}) cannot be imported into a module evaluation that expects \
                 class {wanted:?}.",
                text.text,
            );
            self.failed(&message, place);
        }
    }

    fn disable(&mut self, list: &'h Thunk<'h>, file: &str) {
        let base = self.system.special_args.get(Symbol::new("modulesPath"));
        if let Err(message) = self.disabled.add(self.ev, list, base.map(|attr| attr.value), file) {
            self.failed(&message, list.place());
        }
    }

    /// The environment of a module's function, called with the arguments it asks for.
    fn bind(
        &mut self,
        function: &'h Function<'h>,
        key: &'h str,
        place: Place,
    ) -> crate::error::Eval<'h, &'h Env<'h>> {
        let formals = self.ev.formals(Value::Lambda(function)).unwrap_or_default();
        let argument = self.arguments(&formals, key, place);
        if function.lambda.formals.is_none() || function.lambda.open {
            return self.ev.bind(function, argument, place);
        }
        // A module without `...` fails in Nix; here it just gets what it asks for.
        let all = self.ev.force_attrs(argument, place)?;
        let asked = |attr: &&Attr<'h>| formals.iter().any(|(name, ..)| *name == attr.name);
        let entries: Vec<Attr<'h>> = all.entries.iter().filter(asked).copied().collect();
        let argument = self.ev.done_at(self.ev.attrs_sorted(&entries, all.open), place);
        self.ev.bind(function, argument, place)
    }

    /// What a module's function is called with: what it asks for, and what every module gets.
    fn arguments(&mut self, formals: &[(Symbol, bool, Place)], key: &'h str, place: Place) -> &'h Thunk<'h> {
        let mut entries: Vec<Attr<'h>> = Vec::new();
        let mut add = |name: Symbol, place: Place| {
            if !entries.iter().any(|attr| attr.name == name) {
                let value = self.system.argument(self.ev, name, key, place);
                entries.push(Attr { name, place, value });
            }
        };
        for (name, _, place) in formals {
            add(*name, *place);
        }
        for name in ["config", "options", "lib", "specialArgs"] {
            add(Symbol::new(name), Place::NONE);
        }
        for attr in self.system.special_args.entries {
            add(attr.name, attr.place);
        }
        entries.sort_unstable_by_key(|attr| attr.name);
        let open = self.system.special_args.open;
        self.ev.done_at(self.ev.attrs_sorted(&entries, open), place)
    }
}

/// A function by the expression it is.
fn function_of<'h>(
    ev: &Evaluator<'h>,
    closure: &Function<'h>,
    env: &'h Env<'h>,
) -> Option<(ExprId, &'h Env<'h>)> {
    match closure.place.resolve(ev)?.kind {
        PlaceKind::Expr(raw) => Some((nixscope_hir::Body::expr_from_raw(raw), env)),
        _ => None,
    }
}
