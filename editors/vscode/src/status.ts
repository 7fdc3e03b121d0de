/** The entry in the status area of a Nix file: whether the server runs. */

import * as vscode from "vscode";
import { State } from "vscode-languageclient/node";

export class Status implements vscode.Disposable {
  readonly #item: vscode.LanguageStatusItem;

  constructor() {
    this.#item = vscode.languages.createLanguageStatusItem("nixscope.status", { language: "nix" });
    this.#item.name = "nixscope";
    this.#item.command = { command: "nixscope.showOutput", title: "Show output" };
    this.show(State.Stopped);
  }

  /** Shows the state of the client. */
  show(state: State): void {
    this.#item.busy = state === State.Starting;
    this.#item.severity = vscode.LanguageStatusSeverity.Information;
    switch (state) {
      case State.Starting:
        this.#item.text = "nixscope: starting";
        break;
      case State.Running:
        this.#item.text = "nixscope";
        break;
      case State.Stopped:
        this.#item.text = "nixscope: stopped";
        break;
    }
  }

  /** Shows that the server did not start. */
  fail(): void {
    this.#item.busy = false;
    this.#item.severity = vscode.LanguageStatusSeverity.Error;
    this.#item.text = "nixscope: not running";
  }

  dispose(): void {
    this.#item.dispose();
  }
}
