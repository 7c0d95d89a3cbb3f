package dev.concert.platform.command.project;

import java.util.Locale;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * Asks the user yes or no. Anything but a yes is a no, and so is a missing terminal.
 *
 * @param terminal empty if there is none
 */
public record UserQuestions(Optional<Terminal> terminal) {

  boolean canAsk() {
    return terminal.isPresent();
  }

  boolean confirms(String question) {
    if (terminal.isEmpty()) {
      return false;
    }
    try {
      String answer =
          LineReaderBuilder.builder()
              .terminal(terminal.get())
              .build()
              .readLine(question + " [y]es, [n]o: ");
      return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (EndOfFileException | UserInterruptException no) {
      return false;
    }
  }
}
