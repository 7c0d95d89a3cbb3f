package dev.concert.chronicle.workspace;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Refuses ids and paths that a workspace cannot have. */
public final class WorkspaceNames {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final int MAX_PATH = 4000;
  private static final int MAX_NAME = 255;
  private static final String RESERVED = ".chronicle";

  private WorkspaceNames() {}

  public static String checkId(String id) {
    if (id == null || !ID.matcher(id).matches()) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "workspaceId has to be 1 to 128 letters, digits, '_' or '-'.");
    }
    return id;
  }

  /** The path of something in the workspace. */
  public static String checkPath(String path) {
    if (path == null || path.isEmpty()) {
      throw invalid("The path is empty.");
    }
    return checkFolder(path);
  }

  /** The path of something that is going to be written: not what Chronicle shows by itself. */
  public static String checkNew(String path) {
    checkPath(path);
    if (path.equals(RESERVED) || path.startsWith(RESERVED + "/")) {
      throw invalid("What is below '.chronicle' can only be read.");
    }
    for (String part : path.split("/")) {
      if (part.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
        throw invalid("A name in the path is longer than 255 bytes.");
      }
    }
    return path;
  }

  /** The same, or the empty path of the root. */
  public static String checkFolder(String path) {
    if (path == null) {
      throw invalid("The path is missing.");
    }
    if (path.length() > MAX_PATH || path.indexOf('\0') >= 0) {
      throw invalid("The path is too long or has a NUL in it.");
    }
    if (!path.isEmpty()) {
      for (String part : path.split("/", -1)) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
          throw invalid("The path has to be relative, without empty parts, '.' or '..'.");
        }
      }
    }
    return path;
  }

  private static ConcertException invalid(String message) {
    return new ConcertException(ErrorCode.PATH_INVALID, message);
  }
}
