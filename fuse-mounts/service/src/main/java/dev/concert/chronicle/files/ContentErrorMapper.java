package dev.concert.chronicle.files;

import dev.concert.chronicle.content.CorruptContentException;
import dev.concert.chronicle.content.StoreException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Optional;
import java.util.function.Function;

/** Says to people why a content that the store should have could not be had. */
public final class ContentErrorMapper {
  private ContentErrorMapper() {}

  /** The same answer, whose failures of the store have a code. */
  public static <Q, R> Function<Q, R> named(Function<Q, R> answer) {
    return question -> {
      try {
        return answer.apply(question);
      } catch (ConcertException refused) {
        throw refused;
      } catch (RuntimeException failure) {
        throw of(failure).<RuntimeException>map(refusal -> refusal).orElse(failure);
      }
    };
  }

  /** Empty where it was not the store that failed. */
  private static Optional<ConcertException> of(Throwable failure) {
    return cause(failure, StoreException.class)
        .map(
            store ->
                cause(store, CorruptContentException.class).isPresent()
                    ? new ConcertException(
                        ErrorCode.CONTENT_DAMAGED,
                        "What is stored of this iteration is damaged.",
                        failure)
                    : new ConcertException(
                        ErrorCode.CONTENT_UNAVAILABLE,
                        "The content cannot be read or stored at the moment.",
                        failure));
  }

  private static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return Optional.of(kind.cast(cause));
      }
    }
    return Optional.empty();
  }
}
