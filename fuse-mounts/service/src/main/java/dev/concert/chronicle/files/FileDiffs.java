package dev.concert.chronicle.files;

import dev.concert.workspace.WorkspaceMessages.DiffFile;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileDiff;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** What differs between two iterations. Thread-safe; blocks. */
public record FileDiffs(FileReads files) {

  public FileDiff diff(DiffFile request) {
    FileContent from = at(request, request.from());
    FileContent to = at(request, request.to());
    boolean binary = !from.encoding().equals("utf8") || !to.encoding().equals("utf8");
    return new FileDiff(
        request.path(), request.from(), request.to(), binary ? "" : text(from, to), binary);
  }

  private FileContent at(DiffFile request, long iteration) {
    return files.at(new ReadIteration(request.workspaceId(), request.path(), iteration));
  }

  private static String text(FileContent from, FileContent to) {
    RawText before = new RawText(from.content().getBytes(StandardCharsets.UTF_8));
    RawText after = new RawText(to.content().getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(written)) {
      formatter.format(
          new HistogramDiff().diff(RawTextComparator.DEFAULT, before, after), before, after);
      formatter.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Memory cannot be written", e);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
