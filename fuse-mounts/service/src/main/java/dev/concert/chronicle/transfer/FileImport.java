package dev.concert.chronicle.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.concert.chronicle.files.WriteErrorMapper;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.workspace.BulkChange;
import dev.concert.chronicle.workspace.StagedFiles;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Brings the entries of a tar into a workspace: regular files, symlinks and folders. An entry with
 * the pax header {@value #DELETED} says that its path goes. Nothing changes before the tar is
 * whole. Blocks.
 */
public final class FileImport {
  /** Keyword of a pax header. */
  public static final String DELETED = "CONCERT.deleted";

  /** Keyword of a pax header: by which name the content of a file lies beside the workspace. */
  public static final String HANDED = "CONCERT.handed";

  /** Name of the last entry, without which a tar is not whole: an end that is missing shows. */
  public static final String END = "CONCERT.end";

  private FileImport() {}

  /**
   * Answers with a line of JSON for each path: {@code path}, and {@code size}, {@code inode} and
   * {@code modified} of a file that came, or {@code refused}.
   */
  static void run(Workspaces workspaces, String id, InputStream body, OutputStream into)
      throws IOException {
    try (StagedFiles staged = workspaces.stage(id)) {
      stage(body, staged);
      write(workspaces.bringIn(id, staged), into);
    } catch (PosixException full) {
      throw WriteErrorMapper.of("a path of the archive", full);
    }
  }

  private static void stage(InputStream body, StagedFiles staged) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(body, StandardCharsets.UTF_8.name());
    boolean ended = false;
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (ended) {
        throw invalid("Something follows the last entry of the archive.");
      }
      String path = entry.getName().replaceFirst("/+$", "");
      if (path.equals(END)) {
        ended = true;
      } else if (entry.getExtraPaxHeader(DELETED) != null) {
        staged.delete(path);
      } else if (entry.isDirectory()) {
        staged.makeFolder(path);
      } else if (entry.isSymbolicLink()) {
        staged.symlink(path, entry.getLinkName());
      } else if (entry.isFile() && !entry.isLink() && !entry.isSparse()) {
        stage(path, entry, tar, staged);
      } else {
        throw invalid("%s is neither a file, a symlink nor a folder.".formatted(path));
      }
    }
    if (!ended) {
      throw invalid("The archive is cut: its last entry, %s, is missing.".formatted(END));
    }
  }

  private static void stage(
      String path, TarArchiveEntry entry, TarArchiveInputStream tar, StagedFiles staged)
      throws IOException {
    long seconds = entry.getLastModifiedTime().toInstant().getEpochSecond();
    String handed = entry.getExtraPaxHeader(HANDED);
    if (handed == null) {
      staged.file(path, entry.getMode(), seconds, tar);
    } else {
      staged.handed(path, entry.getMode(), seconds, handed);
    }
  }

  private static ConcertException invalid(String sentence) {
    return new ConcertException(ErrorCode.INVALID_MESSAGE, sentence);
  }

  private static void write(List<BulkChange.Arrival> arrivals, OutputStream into)
      throws IOException {
    try (JsonGenerator json = JsonLines.to(into)) {
      for (BulkChange.Arrival arrival : arrivals) {
        json.writeStartObject();
        json.writeStringField("path", arrival.path());
        if (arrival.refused()) {
          json.writeBooleanField("refused", true);
        } else if (arrival.status().isPresent()) {
          FileStatus file = arrival.status().get();
          json.writeNumberField("size", file.size());
          json.writeNumberField("modified", file.modifiedNanos());
          json.writeNumberField("inode", file.inode());
        }
        json.writeEndObject();
      }
    }
  }
}
