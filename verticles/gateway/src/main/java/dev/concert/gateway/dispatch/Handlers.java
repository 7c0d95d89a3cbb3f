package dev.concert.gateway.dispatch;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.protocol.ClientMessage;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The handler of each operation. Filled at the start, then checked and only read. */
public final class Handlers {
  private final Map<ApiOperation<?, ?>, OperationHandler<?, ?>> handlers = new HashMap<>();

  /**
   * @throws IllegalStateException when the operation has a handler already, or is only planned
   */
  public <Q extends ClientMessage, R> Handlers serve(
      ApiOperation<Q, R> operation, OperationHandler<Q, ? extends R> handler) {
    if (operation.planned()) {
      throw new IllegalStateException(
          "'" + operation.name() + "' is planned: it must not have a handler yet");
    }
    if (handlers.put(operation, handler) != null) {
      throw new IllegalStateException("'" + operation.name() + "' has two handlers");
    }
    return this;
  }

  /**
   * Checks that every served row of the contract table has a handler.
   *
   * @throws IllegalStateException which names those that have none
   */
  public Handlers complete() {
    return complete(ContractTable.rows());
  }

  Handlers complete(List<? extends ApiOperation<?, ?>> rows) {
    List<String> missing =
        rows.stream()
            .filter(row -> !row.planned() && !handlers.containsKey(row))
            .map(ApiOperation::name)
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException("These operations have no handler: " + missing);
    }
    return this;
  }

  /** The types agree, since {@link #serve} takes nothing else. */
  @SuppressWarnings("unchecked")
  <Q extends ClientMessage, R> Future<R> handle(
      ApiOperation<Q, R> operation, ApiRequest<Q> request) {
    return ((OperationHandler<Q, R>) handlers.get(operation)).handle(request);
  }
}
