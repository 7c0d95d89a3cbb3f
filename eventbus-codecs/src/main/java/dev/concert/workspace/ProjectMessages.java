package dev.concert.workspace;

import java.util.List;

/**
 * Requests about the folders of a developer's host, and their replies. A folder is a git repository
 * below one of the roots that the configuration names; a session works on a copy of it.
 */
public final class ProjectMessages {
  private ProjectMessages() {}

  public record ListFolders() {}

  /**
   * @param folders absolute paths of git repositories; empty where none may be opened
   */
  public record Folders(List<String> folders) {}

  /** Asks which folder a session works on. */
  public record FindFolder(String sessionId) {}

  /**
   * @param folder absolute path; null where the session works on none
   */
  public record SessionFolder(String folder) {}

  /**
   * Brings the files of a folder into the workspace: all the first time, then what changed.
   *
   * @param otherBranch whether it may have another branch checked out than the session began on
   * @param setUp whether the command that was proposed is wanted; null where nobody was asked
   */
  public record OpenFolder(
      String sessionId, String folder, boolean otherBranch, SetUpCommand setUp) {}

  /**
   * @param files how many were brought in
   * @param notices sentences about what was left out or merged
   * @param question what has to be confirmed before anything is brought in; null where nothing has
   * @param setUp the command that installs what lock files name; null where none is proposed
   */
  public record FolderOpened(
      String folder, int files, List<String> notices, String question, SetUpCommand setUp) {}

  /**
   * A command that makes the project's own tests run in the workspace.
   *
   * @param wanted null where the developer was not asked yet
   */
  public record SetUpCommand(String command, Boolean wanted) {}

  /**
   * Brings what the agent changed into the folder.
   *
   * @param paths of the files that are meant
   */
  public record ApplyChanges(String sessionId, List<String> paths) {}

  /**
   * @param changed paths that are in the folder as they are in the workspace
   * @param conflicts paths that stay, because the user changed them as well
   * @param held paths that stay, because they make the user's programs run code
   */
  public record ChangesApplied(List<String> changed, List<String> conflicts, List<String> held) {}
}
