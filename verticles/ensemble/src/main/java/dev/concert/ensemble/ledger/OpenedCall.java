package dev.concert.ensemble.ledger;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.usage.CallEstimate;
import java.time.Instant;
import java.util.Optional;

/**
 * A call that is about to be made.
 *
 * @param requestId as the client knows it; a client may use one twice
 * @param form which API it came by, for example {@code messages}
 * @param model the one that is asked first
 * @param endpoint the way to it
 */
public record OpenedCall(
    String requestId,
    Caller caller,
    Optional<String> session,
    String form,
    ServedModel model,
    String endpoint,
    CallEstimate estimate,
    Instant at) {}
