package dev.concert.platform.project;

import dev.concert.chronicle.transfer.FileImport;
import dev.concert.chronicle.workspace.HandedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The tar in which files of a project go to the workspace. Where that is on this machine, large
 * files are laid beside it, and the tar has their names. For one thread; blocking.
 */
final class ProjectArchive implements FirstCopy.Sink {
  private static final int EXECUTABLE = 0755;
  private static final int PLAIN = 0644;
  private static final int LARGE = 256 * 1024;

  private final TarArchiveOutputStream tar;
  private final Optional<HandedFiles> handed;
  private final Map<String, Boolean> executable = new HashMap<>();

  ProjectArchive(OutputStream body, Optional<HandedFiles> handed) {
    this.tar = new TarArchiveOutputStream(body, StandardCharsets.UTF_8.name());
    this.handed = handed;
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /** The files and symlinks of the project that it has, and whether each may be run. */
  Map<String, Boolean> executable() {
    return executable;
  }

  /** Nothing is to be at a path. */
  void deleted(String path) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path, true);
    entry.addPaxHeader(FileImport.DELETED, "1");
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  @Override
  public void symlink(String path, Path target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK, true);
    entry.setLinkName(target.toString());
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    executable.put(path, true);
  }

  @Override
  public void small(String path, FileSignature file, ByteBuffer content) throws IOException {
    TarArchiveEntry entry =
        entry(path, FileTime.from(file.modified(), TimeUnit.NANOSECONDS), file.executable());
    entry.setSize(content.remaining());
    tar.putArchiveEntry(entry);
    tar.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
    tar.closeArchiveEntry();
    executable.put(path, file.executable());
  }

  @Override
  public void large(String path, FileSignature file, Path copy) throws IOException {
    file(path, copy, FileTime.from(file.modified(), TimeUnit.NANOSECONDS), file.executable());
  }

  /** A file of the project, whose content lies elsewhere. */
  void file(String path, Path content, FileTime time, boolean runs) throws IOException {
    add(entry(path, time, runs), content);
    executable.put(path, runs);
  }

  /** A file or folder of the workspace's repository. */
  void git(String path, Path file) {
    try {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        tar.putArchiveEntry(new TarArchiveEntry(path + "/", true));
        tar.closeArchiveEntry();
      } else {
        add(entry(path, Files.getLastModifiedTime(file), false), file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The repository changed while it was read", e);
    }
  }

  private void add(TarArchiveEntry entry, Path content) throws IOException {
    long size = Files.size(content);
    if (size >= LARGE && handed.isPresent()) {
      entry.addPaxHeader(FileImport.HANDED, handed.get().lay(content));
      tar.putArchiveEntry(entry);
    } else {
      entry.setSize(size);
      tar.putArchiveEntry(entry);
      Files.copy(content, tar);
    }
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry entry(String path, FileTime time, boolean runs) {
    TarArchiveEntry entry = new TarArchiveEntry(path, true);
    entry.setMode(runs ? EXECUTABLE : PLAIN);
    // A fraction of a second would need a header of its own.
    entry.setModTime(FileTime.from(time.to(TimeUnit.SECONDS), TimeUnit.SECONDS));
    return entry;
  }

  /** Without this nothing of it comes in. */
  void end() throws IOException {
    tar.putArchiveEntry(new TarArchiveEntry(FileImport.END, true));
    tar.closeArchiveEntry();
    tar.finish();
    tar.flush();
  }
}
