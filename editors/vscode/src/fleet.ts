/** "Show fleet": `nixscope fleet` in a terminal. */

import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

import type { Server } from "./client";
import { nearestFlake } from "./flake";

/** Runs `nixscope fleet` for the flake of the current file, or of the workspace. */
export async function showFleet(server: Server): Promise<void> {
  const root = currentFlake();
  if (root === undefined) {
    void vscode.window.showWarningMessage("nixscope: neither this file nor the workspace is below a flake.nix.");
    return;
  }
  // A task, not a bare terminal: its arguments are passed without a shell, and its output stays when it has ended.
  const task = new vscode.Task(
    { type: "nixscope", command: "fleet" },
    vscode.TaskScope.Workspace,
    "fleet",
    "nixscope",
    new vscode.ProcessExecution(server.command, ["fleet", root], { cwd: root, env: server.env }),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true, showReuseMessage: false };
  await vscode.tasks.executeTask(task);
}

function currentFlake(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const starts = document?.uri.scheme === "file" ? [path.dirname(document.uri.fsPath)] : [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    starts.push(folder.uri.fsPath);
  }
  for (const start of starts) {
    const root = nearestFlake(start, existsSync);
    if (root !== undefined) {
      return root;
    }
  }
  return undefined;
}
