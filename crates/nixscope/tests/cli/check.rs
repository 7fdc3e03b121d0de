//! `nixscope check`: formats, levels, selection, what is wanted of which project.

use expect_test::expect;

use crate::support::{FLAKE, Project};

const ONLY: &[&str] = &["--select", "url-literal"];

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, ONLY].concat()
}

#[test]
fn findings_decide_the_exit_status() {
    let project = Project::new(FLAKE);
    assert_eq!(project.run(&with(&["check"])).code, 1);
    assert_eq!(project.run(&with(&["--check", "."])).code, 1);
    assert_eq!(project.run(&with(&["check", "--fail-on", "error"])).code, 0);
    assert_eq!(project.run(&with(&["check", "--fail-on", "never"])).code, 0);
    assert_eq!(project.run(&with(&["check", "--ignore", "language"])).code, 0);
    assert_eq!(project.run(&with(&["check", "flake.nix"])).code, 0);
    project.write("/web.nix", b"{ }");
    assert_eq!(project.run(&with(&["check", "--fail-on", "hint"])).code, 0);
}

#[test]
fn json_counts_characters_and_bytes() {
    let project = Project::new(FLAKE);
    let mut json = project.json(&with(&["check"]));
    json["summary"]["elapsed_ms"] = 0.into();
    expect![[r#"
        {
          "schema": 1,
          "diagnostics": [
            {
              "lint": "url-literal",
              "severity": "warning",
              "message": "a URL without quotes is deprecated syntax (RFC 45): write it as a string",
              "file": "web.nix",
              "start": {
                "line": 4,
                "column": 39,
                "offset": 91
              },
              "end": {
                "line": 4,
                "column": 63,
                "offset": 115
              },
              "related": [],
              "hosts": [],
              "fix": {
                "title": "Put the URL in quotes",
                "safety": "safe",
                "edits": [
                  {
                    "file": "web.nix",
                    "start": {
                      "line": 4,
                      "column": 39,
                      "offset": 91
                    },
                    "end": {
                      "line": 4,
                      "column": 63,
                      "offset": 115
                    },
                    "new_text": "\"https://example.org/feed\""
                  }
                ]
              }
            }
          ],
          "summary": {
            "error": 0,
            "warning": 1,
            "info": 0,
            "hint": 0,
            "files": 2,
            "hosts": 1,
            "elapsed_ms": 0
          }
        }
    "#]]
    .assert_eq(&format!("{json:#}\n"));
}

#[test]
fn people_get_the_source() {
    let project = Project::new(FLAKE);
    let run = project.run(&with(&["check"]));
    let (findings, summary) = run.stdout.rsplit_once("\n\n").unwrap();
    expect![[r#"
        warning[url-literal]: a URL without quotes is deprecated syntax (RFC 45): write it as a string
         --> web.nix:4:39
          |
        4 |   /* µ */ environment.etc.feed.text = https://example.org/feed;
          |                                       ^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: Put the URL in quotes (--fix)
          = help: nixscope explain url-literal"#]]
    .assert_eq(findings);
    assert!(summary.starts_with("1 warning in 2 files, 1 host ("), "{summary}");
    assert!(!run.stdout.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn a_directory_in_a_flake_is_part_of_it() {
    let project = Project::new(FLAKE);
    project.write("/hosts/a.nix", b"[ http://x.org ]");
    let json = project.json(&with(&["check", "hosts"]));
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 1);
    assert_eq!(json["diagnostics"][0]["file"], "hosts/a.nix");
    assert_eq!(json["summary"]["files"], 1);
}

#[test]
fn several_projects_share_one_answer() {
    let project = Project::new(
        "#- /a/flake.nix\n{ outputs = _: { }; }\n#- /a/x.nix\n[ http://x.org ]\n#- /b/y.nix\n[ http://y.org ]\n",
    );
    let run = project.run(&with(&["check", "a", "b", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let files: Vec<&str> =
        json["diagnostics"].as_array().unwrap().iter().map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["a/x.nix", "b/y.nix"]);
    expect![[r#"
        nixscope: note: $DIR/b has no flake.nix, so only networks of morph and nixops have hosts; other files are looked at one by one
    "#]]
    .assert_eq(&run.stderr);
}

#[test]
fn what_git_ignores_is_not_looked_at_unless_named() {
    let project = Project::new(
        "#- /flake.nix\n{ outputs = _: { }; }\n#- /.gitignore\n/out/\n#- /out/x.nix\n[ http://x.org ]\n",
    );
    assert_eq!(project.run(&with(&["check"])).code, 0);
    let json = project.json(&with(&["check", "out/x.nix"]));
    assert_eq!(json["diagnostics"][0]["file"], "out/x.nix");
}

#[test]
fn the_configuration_counts() {
    let project = Project::new(FLAKE);
    project.write("/nixscope.toml", b"[lints]\nurl-literal = \"error\"\n");
    assert_eq!(project.json(&with(&["check"]))["summary"]["error"], 1);
    project.write("/nixscope.toml", b"[per-path-ignores]\n\"*.nix\" = [\"url-literal\"]\n");
    assert_eq!(project.run(&with(&["check"])).code, 0);
    project.write("/nixscope.toml", b"[lints]\nurl-litteral = \"error\"\n");
    let run = project.run(&["check"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    expect![[r#"
        nixscope: $DIR/nixscope.toml:2:1: there is no lint or group `url-litteral`: did you mean `url-literal`?
        mend nixscope.toml first; `nixscope init` writes one that explains itself
    "#]].assert_eq(&run.stderr);
}

#[test]
fn formats_for_machines() {
    let project = Project::new(FLAKE);
    let of = |format: &str| project.run(&with(&["check", "--format", format])).stdout;
    expect![[r#"
        ::warning file=web.nix,line=4,endLine=4,col=39,endColumn=63,title=url-literal::a URL without quotes is deprecated syntax (RFC 45): write it as a string
    "#]].assert_eq(&of("github"));
    expect![[r#"
        [
          {
            "description": "a URL without quotes is deprecated syntax (RFC 45): write it as a string",
            "check_name": "url-literal",
            "fingerprint": "cc3b43faa5b9f3bd0000",
            "severity": "major",
            "location": {
              "path": "web.nix",
              "positions": {
                "begin": {
                  "line": 4,
                  "column": 39
                },
                "end": {
                  "line": 4,
                  "column": 63
                }
              },
              "lines": {
                "begin": 4,
                "end": 4
              }
            }
          }
        ]
    "#]]
    .assert_eq(&of("gitlab"));
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <checkstyle version="10.0">
          <file name="web.nix">
            <error line="4" column="39" severity="warning" message="a URL without quotes is deprecated syntax (RFC 45): write it as a string" source="nixscope.url-literal"/>
          </file>
        </checkstyle>
    "#]].assert_eq(&of("checkstyle"));
    let markdown = of("markdown");
    expect![[r#"
        | place | level | lint | finding |
        | --- | --- | --- | --- |
        | `web.nix:4:39` | warning | `url-literal` | a URL without quotes is deprecated syntax (RFC 45): write it as a string |
    "#]].assert_eq(markdown.split_once("\n\n").unwrap().1);
    let sarif: serde_json::Value = serde_json::from_str(&of("sarif")).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "url-literal");
    assert_eq!(run["originalUriBaseIds"]["ROOT"]["uri"], "file://$DIR/");
    expect![[r#"
        [
          {
            "ruleId": "url-literal",
            "ruleIndex": 0,
            "level": "warning",
            "message": {
              "text": "a URL without quotes is deprecated syntax (RFC 45): write it as a string"
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "web.nix",
                    "uriBaseId": "ROOT"
                  },
                  "region": {
                    "startLine": 4,
                    "startColumn": 39,
                    "endLine": 4,
                    "endColumn": 63,
                    "byteOffset": 91,
                    "byteLength": 24
                  }
                }
              }
            ],
            "partialFingerprints": {
              "nixscope/v1": "cc3b43faa5b9f3bd0000"
            },
            "fixes": [
              {
                "description": {
                  "text": "Put the URL in quotes"
                },
                "artifactChanges": [
                  {
                    "artifactLocation": {
                      "uri": "web.nix",
                      "uriBaseId": "ROOT"
                    },
                    "replacements": [
                      {
                        "deletedRegion": {
                          "startLine": 4,
                          "startColumn": 39,
                          "endLine": 4,
                          "endColumn": 63,
                          "byteOffset": 91,
                          "byteLength": 24
                        },
                        "insertedContent": {
                          "text": "\"https://example.org/feed\""
                        }
                      }
                    ]
                  }
                ]
              }
            ]
          }
        ]
    "#]]
    .assert_eq(&format!("{:#}\n", run["results"]));
}

#[test]
fn only_new_findings_count_against_a_baseline() {
    let project = Project::new(FLAKE);
    let run = project.run(&with(&["check", "--write-baseline"]));
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    let known = ["--baseline", "nixscope-baseline.json"];
    let args = with(&[&["check"], &known[..]].concat());
    assert_eq!(project.run(&args).code, 0);
    // The same finding on another line is known, a second one is new.
    let text = project.read("/web.nix");
    project.write("/web.nix", format!("\n\n{text}").as_bytes());
    assert_eq!(project.run(&args).code, 0);
    project.write(
        "/web.nix",
        text.replace("https://example.org/feed;", "[ http://a.org http://b.org ];").as_bytes(),
    );
    let run = project.run(&args);
    assert_eq!(run.code, 1);
    project.write("/nixscope-baseline.json", b"{}");
    let run = project.run(&args);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("this is no baseline"), "{}", run.stderr);
}
