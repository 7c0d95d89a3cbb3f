package dev.concert.github.broker;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What git is answered where a push is refused: as a server does whose rules do not allow it, so
 * that git shows the sentence beside each branch.
 *
 * <p>Format: https://git-scm.com/docs/pack-protocol#_report_status
 */
final class PushReport {
  static final String TYPE = "application/x-git-receive-pack-result";

  /** A line of the side band has at most 65520 bytes, its own length with them. */
  private static final int PIECE = 65_000;

  private static final byte DATA = 1;

  private PushReport() {}

  /** Empty where git cannot be told. */
  static Optional<Buffer> refused(PushCommands push, String sentence) {
    if (push.abilities().stream().noneMatch(one -> one.startsWith("report-status"))) {
      return Optional.empty();
    }
    Buffer report = Buffer.buffer();
    line(report, "unpack ok\n".getBytes(StandardCharsets.UTF_8));
    for (PushCommands.Command command : push.commands()) {
      line(
          report,
          "ng %s %s\n".formatted(command.reference(), sentence).getBytes(StandardCharsets.UTF_8));
    }
    end(report);
    if (!push.abilities().contains("side-band-64k")) {
      return Optional.of(report);
    }
    Buffer banded = Buffer.buffer();
    for (int at = 0; at < report.length(); at += PIECE) {
      byte[] piece = report.getBytes(at, Math.min(report.length(), at + PIECE));
      line(banded, Buffer.buffer().appendByte(DATA).appendBytes(piece).getBytes());
    }
    end(banded);
    return Optional.of(banded);
  }

  private static void line(Buffer into, byte[] content) {
    into.appendString("%04x".formatted(content.length + 4)).appendBytes(content);
  }

  private static void end(Buffer into) {
    into.appendString("0000");
  }
}
