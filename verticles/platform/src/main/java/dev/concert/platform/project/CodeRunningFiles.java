package dev.concert.platform.project;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Files that make programs of the user run code when a folder is only opened, entered, fetched or
 * committed; and those that say what the next agent gets to see. They are applied after a question
 * of their own, never automatically.
 */
final class CodeRunningFiles {
  /** Names of files, wherever they are. */
  private static final Set<String> FILES =
      Set.of(
          ".envrc",
          ".gitconfig",
          ".gitmodules",
          ".gitattributes",
          ".pre-commit-config.yaml",
          "lefthook.yml",
          ".lefthook.yml",
          ".mise.toml",
          "mise.toml",
          ".npmrc",
          ".yarnrc",
          ".yarnrc.yml",
          ".pnpmfile.cjs",
          ".bazelrc",
          ".mcp.json",
          ".exrc",
          ".nvimrc",
          ".nvim.lua",
          ".vimrc",
          ".dir-locals.el",
          ".concertinclude",
          "sitecustomize.py");

  /** Names of folders, wherever they are: what is in them counts. */
  private static final Set<String> FOLDERS =
      Set.of(
          ".husky",
          ".githooks",
          ".git-hooks",
          "githooks",
          ".vscode",
          ".idea",
          ".zed",
          ".fleet",
          ".devcontainer",
          ".claude",
          ".cursor",
          ".codex",
          ".mvn",
          ".cargo",
          ".direnv");

  private CodeRunningFiles() {}

  static boolean has(String path) {
    List<String> parts = List.of(path.toLowerCase(Locale.ROOT).split("/"));
    return FILES.contains(parts.getLast())
        || parts.subList(0, parts.size() - 1).stream().anyMatch(FOLDERS::contains);
  }

  /** Whether a symlink at this path leads out of the project. */
  static boolean leadsOut(String path, String target) {
    if (target.startsWith("/")) {
      return true;
    }
    int depth = path.split("/").length - 1;
    for (String part : target.split("/")) {
      depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }
}
