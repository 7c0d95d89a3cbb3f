package dev.concert.protocol;

import java.util.List;
import java.util.Optional;

/** What a developer may ask about the folders of their own machine. */
public interface ProjectMessage extends ClientMessage {

  record ListFolders() implements ProjectMessage {}

  record GetFolder(String sessionId) implements ProjectMessage, ForSession {}

  /**
   * @param otherBranch whether another branch may be checked out than the session began on
   * @param setUp the set-up command that the developer was asked about; null where nobody was
   * @param setUpWanted what they answered
   */
  record OpenFolder(
      String sessionId, String folder, boolean otherBranch, String setUp, boolean setUpWanted)
      implements ProjectMessage, ForSession {}

  /**
   * @param paths of files that the agent changed
   */
  record ApplyChanges(String sessionId, List<String> paths) implements ProjectMessage, ForSession {
    public Optional<String> fault() {
      return paths.stream().anyMatch(path -> path == null || path.isEmpty())
          ? Optional.of("'paths' must have no empty path")
          : Optional.empty();
    }
  }
}
