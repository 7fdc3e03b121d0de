//! What is known of a package set without evaluating packages: the platform that it is for.
//!
//! Modules ask for it everywhere (`mkIf pkgs.stdenv.hostPlatform.isLinux`, `inputs.x.packages.${pkgs.system}`), and it
//! follows from what a host is given: `nixpkgs.hostPlatform`, or the builder's `system`.
//!
//! Source: nixpkgs `nixos/modules/misc/nixpkgs.nix`, `pkgs/top-level/default.nix`, `pkgs/stdenv/generic/default.nix`.

use nixscope_hir::Symbol;

use super::system::{System, SystemId};
use crate::Evaluator;
use crate::error::Eval;
use crate::heap::{RunNative, Thunk};
use crate::place::Place;
use crate::value::{Attr, Attrs, Reason, Taint, Unknown, UnknownKind, Value};

/// Where it is said for which platform a package set is.
#[derive(Clone, Copy)]
pub enum PlatformSource<'h> {
    /// By the configuration that the packages are of.
    System(SystemId),
    /// By a platform: its name, or a set.
    Platform(&'h Thunk<'h>),
    /// By the arguments of nixpkgs' function.
    Arguments(&'h Thunk<'h>),
    /// By another package set.
    Packages(&'h Thunk<'h>),
}

/// What the builder of a host was given of packages.
#[derive(Clone, Copy, Default)]
pub struct GivenPackages<'h> {
    /// A package set.
    pub pkgs: Option<&'h Thunk<'h>>,
    /// A platform: its name, or a set.
    pub system: Option<&'h Thunk<'h>>,
}

/// Of two platforms that a package set has, one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Where the packages run.
    Host,
    /// Where they are built.
    Build,
}

/// The predicates on the host's platform that `stdenv` has too.
const STDENV_PREDICATES: &[&str] = &[
    "is32bit",
    "is64bit",
    "isAarch32",
    "isAarch64",
    "isBSD",
    "isBigEndian",
    "isCygwin",
    "isDarwin",
    "isFreeBSD",
    "isLinux",
    "isMips",
    "isOpenBSD",
    "isSunOS",
    "isi686",
    "isx86_32",
    "isx86_64",
];

impl<'h> Evaluator<'h> {
    /// A package set: unknown, but for its platform, if it is said somewhere.
    pub fn package_set(&self, source: Option<PlatformSource<'h>>) -> Value<'h> {
        let set: &'h Unknown<'h> = self.unknown("pkgs", Reason::Package, Taint::PackageSet, Place::NONE);
        if let Some(source) = source {
            self.platforms.borrow_mut().insert(std::ptr::from_ref(set), source);
        }
        Value::Unknown(set)
    }

    /// Where the platform of a package set is said.
    pub fn platform_source(&self, set: &'h Unknown<'h>) -> Option<PlatformSource<'h>> {
        self.platforms.borrow().get(&std::ptr::from_ref(set)).copied()
    }

    /// An attribute of a package set that its platform says something of.
    pub(crate) fn select_platform(&self, set: &'h Unknown<'h>, name: Symbol) -> Option<Value<'h>> {
        self.platform_source(set)?;
        let wanted = match name.as_str() {
            "hostPlatform" | "targetPlatform" => self.delay_platform(set, Role::Host),
            "buildPlatform" => self.delay_platform(set, Role::Build),
            "system" => self.delay_select(self.delay_platform(set, Role::Host), name, Place::NONE),
            // The others have another compiler and the same platforms.
            "stdenv" | "stdenvNoCC" | "clangStdenv" | "gccStdenv" => return Some(self.stdenv(set, name)),
            _ => return None,
        };
        self.force(wanted).ok()
    }

    fn delay_platform(&self, set: &'h Unknown<'h>, role: Role) -> &'h Thunk<'h> {
        let (run, name): (RunNative<'h>, _) = match role {
            Role::Host => (host_platform, "hostPlatform"),
            Role::Build => (build_platform, "buildPlatform"),
        };
        self.delay_native(run, &[self.done(Value::Unknown(set))], Symbol::new(name), Place::NONE)
    }

    /// A standard environment: its platforms, and that there is more.
    fn stdenv(&self, set: &'h Unknown<'h>, name: Symbol) -> Value<'h> {
        let host = self.delay_platform(set, Role::Host);
        let build = self.delay_platform(set, Role::Build);
        let attr = |name: &str, value| Attr { name: Symbol::new(name), place: Place::NONE, value };
        let of =
            |platform, name: &str| attr(name, self.delay_select(platform, Symbol::new(name), Place::NONE));
        let mut entries = vec![
            attr("hostPlatform", host),
            // What is built with it for a host is for that host as well.
            attr("targetPlatform", host),
            attr("buildPlatform", build),
            of(build, "system"),
        ];
        entries.extend(STDENV_PREDICATES.iter().map(|predicate| of(host, predicate)));
        entries.sort_unstable_by_key(|entry| entry.name);
        self.attrs_sorted(&entries, Some(self.of_package_set(set, &[name])))
    }

    /// The unknown at a path of a package set that is no package.
    fn of_package_set(&self, set: &'h Unknown<'h>, path: &[Symbol]) -> &'h Unknown<'h> {
        path.iter().fold(set, |base, name| {
            let kind = UnknownKind::Attr(base, *name);
            self.heap.alloc(Unknown { kind, taint: Taint::None, ..*set })
        })
    }

    /// A platform of a package set with all that follows from its name; none where it is not known.
    fn platform_of(&self, set: &'h Unknown<'h>, role: Role) -> Option<&'h Thunk<'h>> {
        self.elaborate(self.platform_said(self.platform_source(set)?, role)?)
    }

    /// A platform as the program says it.
    fn platform_said(&self, source: PlatformSource<'h>, role: Role) -> Option<&'h Thunk<'h>> {
        match source {
            PlatformSource::Platform(platform) => {
                (!matches!(self.force(platform), Ok(Value::Null))).then_some(platform)
            }
            PlatformSource::System(id) => self.system(id).platform(self, role),
            PlatformSource::Arguments(arguments) => {
                let given = self.force_attrs(arguments, arguments.place()).ok()?;
                let get = |name: &str| {
                    let value = given.get(Symbol::new(name))?.value;
                    (!matches!(self.force(value), Ok(Value::Null))).then_some(value)
                };
                let local = || get("localSystem").or_else(|| get("system"));
                let cross = || (role == Role::Host).then(|| get("crossSystem")).flatten();
                cross().or_else(local)
            }
            PlatformSource::Packages(set) => match self.force(set).ok()? {
                Value::Unknown(set) => self.platform_said(self.platform_source(set)?, role),
                Value::Attrs(Attrs { open: Some(set), .. }) => {
                    self.platform_said(self.platform_source(set)?, role)
                }
                _ => None,
            },
        }
    }

    /// All that follows from a platform's name. Platforms of the same name are one value.
    fn elaborate(&self, platform: &'h Thunk<'h>) -> Option<&'h Thunk<'h>> {
        let name = match self.force(platform).and_then(|it| self.settle(it)).ok()? {
            Value::Str(name) => Some(name.text),
            Value::Attrs(_) => None,
            _ => return None,
        };
        if let Some(known) = name.and_then(|name| self.elaborated.borrow().get(name).copied()) {
            return Some(known);
        }
        let elaborate = self.library(&["systems", "elaborate"]).ok()?;
        let elaborated = self.delay_apply(elaborate, platform);
        if let Some(name) = name {
            self.elaborated.borrow_mut().insert(name, elaborated);
        }
        Some(elaborated)
    }
}

impl<'h> System<'h> {
    /// The name of the platform that its packages run on: `x86_64-linux`.
    pub fn platform_name(&self, ev: &Evaluator<'h>) -> Option<&'h str> {
        let platform = ev.elaborate(self.platform(ev, Role::Host)?)?;
        match ev.force(ev.delay_select(platform, Symbol::new("system"), Place::NONE)) {
            Ok(Value::Str(name)) => Some(name.text),
            _ => None,
        }
    }

    /// A platform as the configuration says it, else the builder's argument, else the system around it.
    fn platform(&self, ev: &Evaluator<'h>, role: Role) -> Option<&'h Thunk<'h>> {
        let known = &self.platforms[usize::from(role == Role::Build)];
        if let Some(known) = known.get() {
            return *known;
        }
        // Nix recurses endlessly where imports or declarations depend on packages.
        if self.is_collecting() || self.is_declaring() || self.finding_platform.replace(true) {
            return None;
        }
        let given = |source: PlatformSource<'h>| ev.platform_said(source, role);
        let (found, whole) = ev.affords(|| {
            self.configured_platform(ev, role)
                .or_else(|| given(PlatformSource::Packages(self.setting.given.pkgs?)))
                .or_else(|| given(PlatformSource::Platform(self.setting.given.system?)))
                .or_else(|| ev.system(self.parent?).platform(ev, role))
        });
        self.finding_platform.set(false);
        // The system around it may be collecting its modules, and know more later.
        match whole && (found.is_some() || self.parent.is_none()) {
            true => *known.get_or_init(|| found),
            false => found,
        }
    }

    /// A platform as the options below `nixpkgs` have it.
    fn configured_platform(&self, ev: &Evaluator<'h>, role: Role) -> Option<&'h Thunk<'h>> {
        // A user's packages are those that home-manager is given.
        if matches!(self.class, "homeManager" | "submodule" | "flake") {
            return None;
        }
        let value = |name: &str| {
            let path = [Symbol::new("nixpkgs"), Symbol::new(name)];
            self.value_at(ev, &path).ok().flatten()
        };
        let platform = |name: &&str| match ev.settle(value(name)?) {
            Ok(known @ (Value::Str(_) | Value::Attrs(_))) => Some(ev.done(known)),
            _ => None,
        };
        if let Some(set @ Value::Unknown(_)) = value("pkgs")
            && let Some(known) = ev.platform_said(PlatformSource::Packages(ev.done(set)), role)
        {
            return Some(known);
        }
        let names: &[&str] = match role {
            Role::Host => &["hostPlatform", "crossSystem", "localSystem", "system"],
            Role::Build => &["buildPlatform", "hostPlatform", "localSystem", "system"],
        };
        names.iter().find_map(platform)
    }
}

fn host_platform<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], name: Symbol) -> Eval<'h, Value<'h>> {
    platform_value(ev, args, Role::Host, name)
}

fn build_platform<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], name: Symbol) -> Eval<'h, Value<'h>> {
    platform_value(ev, args, Role::Build, name)
}

/// A platform as a value. It is an open set: nixpkgs may know more of it than the library here.
fn platform_value<'h>(
    ev: &Evaluator<'h>,
    args: &'h [&'h Thunk<'h>],
    role: Role,
    name: Symbol,
) -> Eval<'h, Value<'h>> {
    let Value::Unknown(set) = ev.force(args[0])? else { return Ok(Value::Null) };
    let unknown = ev.of_package_set(set, &[Symbol::new("stdenv"), name]);
    let Some(platform) = ev.platform_of(set, role) else { return Ok(Value::Unknown(unknown)) };
    match ev.force(platform) {
        Ok(Value::Attrs(known)) => Ok(Value::Attrs(ev.heap.alloc(Attrs { open: Some(unknown), ..*known }))),
        // A name that is no platform: the error belongs where it is said.
        _ => Ok(Value::Unknown(unknown)),
    }
}
