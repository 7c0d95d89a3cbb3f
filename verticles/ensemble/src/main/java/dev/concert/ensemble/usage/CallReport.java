package dev.concert.ensemble.usage;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.error.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a call was once it has ended, however it did.
 *
 * @param endpoint which way to which provider was asked last
 * @param attempts how many endpoints were asked
 * @param tokens {@link TokenCount#NONE} where nobody is charged
 * @param end how it ended
 */
public record CallReport(
    Caller caller,
    ServedModel model,
    String endpoint,
    int attempts,
    TokenCount tokens,
    End end,
    Times times) {

  /** How a call ended. */
  public sealed interface End {
    /** Its name in the books: a finish reason or the code of an error, in small letters. */
    String outcome();

    /** With an answer. */
    record Answered(InferenceResponse response) implements End {
      @Override
      public String outcome() {
        return response.finishReason().name().toLowerCase(Locale.ROOT);
      }
    }

    /** Without one, or with a part of one. */
    record Failed(Problem problem) implements End {
      @Override
      public String outcome() {
        return problem.code().name().toLowerCase(Locale.ROOT);
      }
    }

    /** By its client, who had gone away. */
    record Left() implements End {
      @Override
      public String outcome() {
        return "client_gone";
      }
    }
  }

  /**
   * When it was what.
   *
   * @param firstBlock empty when there was none
   */
  public record Times(Instant started, Optional<Instant> firstBlock, Instant ended) {}

  /** US dollars, exact. */
  public BigDecimal cost() {
    return model.price().cost(tokens);
  }

  /** The cost as it goes over the wire. */
  public String plainCost() {
    return Price.plain(cost());
  }

  /** Whether anybody is charged for it. */
  public boolean used() {
    return !tokens.equals(TokenCount.NONE);
  }
}
