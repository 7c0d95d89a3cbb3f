package dev.concert.ensemble.ledger;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.usage.CallEstimate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A call to record before it is made.
 *
 * @param requestId the client's id; a client may use one twice
 * @param turn the turn that pays for it, where the caller has an allowance
 * @param form the API format, for example {@code messages}
 * @param model the model that is called first
 * @param endpoint the endpoint that is called first
 * @param accounts the ids of the accounts that pay for it
 * @param reason why that endpoint was chosen, in lower case
 */
public record OpenedCall(
    String requestId,
    Caller caller,
    Optional<String> session,
    Optional<String> turn,
    String form,
    ServedModel model,
    String endpoint,
    CallEstimate estimate,
    Instant at,
    List<String> accounts,
    String reason) {}
