package dev.concert.platform.command;

import java.util.Comparator;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the command that somebody meant who mistyped one. */
final class NearestCommand {
  /** Two letters that are wrong, missing, too many, or in the wrong order. */
  private static final int FARTHEST = 2;

  private NearestCommand() {}

  /** Empty where the first word that does not fit is no mistyped command. */
  static Optional<CommandLine> of(UnmatchedArgumentException wrong) {
    String word = wrong.getUnmatched().getFirst();
    return wrong.getCommandLine().getSubcommands().entrySet().stream()
        .filter(command -> distance(word, command.getKey()) <= FARTHEST)
        .min(Comparator.comparingInt(command -> distance(word, command.getKey())))
        .map(command -> command.getValue());
  }

  /** How many changes of one letter, or of two neighbours' order, lead from one word to another. */
  private static int distance(String one, String other) {
    int[][] steps = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : nearest(steps, one, other, i, j);
      }
    }
    return steps[one.length()][other.length()];
  }

  private static int nearest(int[][] steps, String one, String other, int i, int j) {
    int changed = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(steps[i - 1][j - 1] + changed, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
  }
}
