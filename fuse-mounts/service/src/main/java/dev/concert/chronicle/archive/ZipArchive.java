package dev.concert.chronicle.archive;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** A zip archive with modes and symlinks as Info-ZIP writes them. */
final class ZipArchive {
  private static final int PERMISSIONS = 0777;

  private ZipArchive() {}

  static void write(ArchiveSource source, OutputStream into) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(into)) {
      zip.setUseZip64(Zip64Mode.AsNeeded);
      for (Iteration state : source.states()) {
        ZipArchiveEntry entry = new ZipArchiveEntry(ArchiveNames.of(state.path()));
        entry.setUnixMode(
            state.kind() == Kind.SYMLINK
                ? UnixStat.LINK_FLAG | UnixStat.DEFAULT_LINK_PERM
                : UnixStat.FILE_FLAG | state.mode() & PERMISSIONS);
        entry.setSize(state.size());
        entry.setTime(state.timestamp());
        zip.putArchiveEntry(entry);
        try (InputStream content = source.open(state)) {
          content.transferTo(zip);
        }
        zip.closeArchiveEntry();
      }
    }
  }
}
