package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.provider.VendorStore;
import java.util.Optional;

/**
 * A file or batch at a vendor.
 *
 * @param id the vendor's
 * @param owner {@link Caller#id} of who made it
 * @param customer {@link Caller#customer}
 * @param endpoint of the provider that keeps it
 * @param body what the vendor last said about it
 * @param plan of a batch, and of a file with the lines of one
 * @param settled false while a batch holds money
 * @param elsewhere whether another node has it in its books: the one that has made it, or one that
 *     has taken it over
 */
record KeptObject(
    Kind kind,
    String id,
    String owner,
    String customer,
    String endpoint,
    VendorStore.Api api,
    ObjectNode body,
    Optional<BatchPlan> plan,
    boolean settled,
    boolean elsewhere) {
  enum Kind {
    FILE,
    BATCH
  }

  static KeptObject of(
      Kind kind, Caller owner, String endpoint, VendorStore.Api api, ObjectNode body) {
    return new KeptObject(
        kind,
        body.path("id").asText(),
        owner.id(),
        owner.customer(),
        endpoint,
        api,
        body,
        Optional.empty(),
        true,
        false);
  }

  /** A file whose lines were checked. */
  KeptObject withLines(BatchPlan lines) {
    return new KeptObject(
        kind, id, owner, customer, endpoint, api, body, Optional.of(lines), settled, elsewhere);
  }

  /** A batch that is under way. */
  KeptObject underWay(BatchPlan lines) {
    return new KeptObject(
        kind, id, owner, customer, endpoint, api, body, Optional.of(lines), false, elsewhere);
  }

  KeptObject withBody(ObjectNode now) {
    return new KeptObject(kind, id, owner, customer, endpoint, api, now, plan, settled, elsewhere);
  }

  /** The same in the books of this node, or of another. */
  KeptObject at(boolean another) {
    return new KeptObject(kind, id, owner, customer, endpoint, api, body, plan, settled, another);
  }

  KeptObject over() {
    return new KeptObject(kind, id, owner, customer, endpoint, api, body, plan, true, elsewhere);
  }

  /** Whether the vendor does nothing more for this batch. */
  boolean isEnded() {
    return switch (body.path("status").asText(body.path("processing_status").asText())) {
      case "completed", "failed", "expired", "cancelled", "ended" -> true;
      default -> false;
    };
  }

  /** Who made it. */
  Caller caller() {
    return owner.startsWith(Caller.IssuedKey.PREFIX)
        ? new Caller.IssuedKey(owner, customer)
        : new Caller.ConfiguredKey(0, owner.replaceFirst("^configured_", ""));
  }
}
