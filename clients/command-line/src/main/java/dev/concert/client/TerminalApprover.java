package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/** Asks the user at the terminal. Ctrl-D refuses; Ctrl-C refuses and stops the turn. */
public final class TerminalApprover implements Approver {
  private final Terminal terminal;
  private final LineReader reader;

  public TerminalApprover(Terminal terminal) {
    this.terminal = terminal;
    this.reader = LineReaderBuilder.builder().terminal(terminal).build();
  }

  @Override
  public void answer(JsonNode request, ObjectNode answer) {
    try {
      if (Approver.isPermission(request)) {
        permit(answer);
      } else {
        tell(request, answer);
      }
    } catch (EndOfFileException e) {
      Approver.no().answer(request, answer);
    } catch (UserInterruptException e) {
      Approver.no().answer(request, answer);
      terminal.raise(Terminal.Signal.INT); // means the same as at any other moment of the turn
    }
  }

  private void permit(ObjectNode answer) {
    while (true) {
      String said = reader.readLine("  allow? [y]es, [n]o, [a]lways in this session: ").strip();
      switch (said.toLowerCase(Locale.ROOT)) {
        case "y", "yes" -> {
          answer.put("approved", true).put("remember", "once");
          return;
        }
        case "a", "always" -> {
          answer.put("approved", true).put("remember", "session");
          return;
        }
        case "n", "no" -> {
          answer.put("approved", false);
          return;
        }
        default -> {
          // Not an answer: ask again.
        }
      }
    }
  }

  private void tell(JsonNode request, ObjectNode answer) {
    ObjectNode answers = answer.putObject("answers");
    for (JsonNode question : request.path("questions")) {
      StringBuilder prompt = new StringBuilder("  ");
      question.path("options").forEach(option -> prompt.append(option.asText()).append(" | "));
      Character mask = question.path("kind").asText().equals("secret") ? '*' : null;
      answers.put(question.path("key").asText(), reader.readLine(prompt + "> ", mask));
    }
  }
}
