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
 * The report of a call that has ended.
 *
 * @param endpoint the endpoint that was called last
 * @param reason why that endpoint was chosen, in lower case
 * @param attempts how many endpoints were called
 * @param tokens {@link TokenCount#NONE} if nothing is charged
 * @param end how it ended
 */
public record CallReport(
    Caller caller,
    ServedModel model,
    String endpoint,
    String reason,
    int attempts,
    TokenCount tokens,
    End end,
    Times times) {

  /** How a call ended. */
  public sealed interface End {
    /**
     * Its name in the usage ledger: a finish reason, an error code or {@code client_gone}, in lower
     * case.
     */
    String outcome();

    /** The provider completed its answer. */
    record Answered(InferenceResponse response) implements End {
      @Override
      public String outcome() {
        return response.finishReason().name().toLowerCase(Locale.ROOT);
      }
    }

    /** The call failed, with no answer or a part of one. */
    record Failed(Problem problem) implements End {
      @Override
      public String outcome() {
        return problem.code().name().toLowerCase(Locale.ROOT);
      }
    }

    /** The client disconnected. */
    record Left() implements End {
      @Override
      public String outcome() {
        return "client_gone";
      }
    }
  }

  /**
   * The times of a call.
   *
   * @param firstBlock empty if there was no block
   */
  public record Times(Instant started, Optional<Instant> firstBlock, Instant ended) {}

  /** US dollars, exact. */
  public BigDecimal cost() {
    return model.price().cost(tokens);
  }

  /** The cost as a plain decimal. */
  public String plainCost() {
    return Price.plain(cost());
  }

  /** The cost as it is recorded: a plain decimal, or {@value Price#UNKNOWN_COST}. */
  public String writtenCost() {
    return model.price().writtenCost(tokens);
  }

  /** Whether any tokens are charged. */
  public boolean used() {
    return !tokens.equals(TokenCount.NONE);
  }
}
