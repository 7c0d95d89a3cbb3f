package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Payers;
import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.call.CallIdentity;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.CallAttempts;
import dev.concert.ensemble.usage.UsageReporter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call on its way through the pipeline: its input, and what each stage has added. A stage may
 * read what the stages before it have set.
 *
 * <p>Not thread-safe: lives on the context of its request.
 */
final class Call {
  private final CallInput input;
  private final Deque<Runnable> releases = new ArrayDeque<>();
  private final List<UsageReporter> settlements = new ArrayList<>();
  private final List<UsageReporter> afterRecord = new ArrayList<>();
  private Optional<String> turn = Optional.empty();
  private CallInput.Content content;
  private CallIdentity identity;
  private CallInput.Parsed parsed;
  private Prompt prompt;
  private Payers payers = Payers.NONE;
  private List<BudgetAccount> accounts = List.of();
  private CallAttempts attempts;
  private Attempt first;
  private ResponseStore.Entry response;
  private InferenceCall running;

  Call(CallInput input) {
    this.input = input;
    this.content = input.content();
  }

  CallInput input() {
    return input;
  }

  /** What the client has sent, or what guardrails have left of it. */
  CallInput.Content content() {
    return content;
  }

  void replaceContent(Buffer other) {
    content = content.with(other);
  }

  void authenticated(Caller caller) {
    identity = new CallIdentity(input.requestId(), caller);
  }

  CallIdentity identity() {
    return identity;
  }

  Caller caller() {
    return identity.caller();
  }

  void parsed(CallInput.Parsed request, Prompt analyzed) {
    parsed = request;
    prompt = analyzed;
  }

  InferenceRequest request() {
    return parsed.request();
  }

  CallInput.Parsed parsed() {
    return parsed;
  }

  Prompt prompt() {
    return prompt;
  }

  void paidBy(Payers who) {
    payers = who;
  }

  /** The accounts whose budgets the call counts against; empty for callers without budgets. */
  List<BudgetAccount> payers() {
    return accounts;
  }

  void routed(CallAttempts possible, Attempt chosen) {
    attempts = possible;
    first = chosen;
    accounts = payers.accounts(possible::models);
  }

  CallAttempts attempts() {
    return attempts;
  }

  /** The endpoint that is called first. */
  Attempt first() {
    return first;
  }

  void respondTo(ResponseStore.Entry entry) {
    response = entry;
  }

  /** Where the response goes. */
  ResponseStore.Entry response() {
    return response;
  }

  void started(InferenceCall call) {
    running = call;
  }

  /** The call at its provider, after the last stage. */
  InferenceCall running() {
    return running;
  }

  /** Runs the action if a later stage refuses the call; the last registered one runs first. */
  void onRefused(Runnable release) {
    releases.push(release);
  }

  /** Reports the end of the call, once it is made; in the order of registration. */
  void onSettled(UsageReporter reporter) {
    settlements.add(reporter);
  }

  /** Reports the end of the call once it is in the usage ledger and reported. */
  void onRecorded(UsageReporter reporter) {
    afterRecord.add(reporter);
  }

  /** The turn that pays for the call; empty for callers without an allowance. */
  Optional<String> turn() {
    return turn;
  }

  void paidByTurn(String turnId) {
    turn = Optional.of(turnId);
  }

  UsageReporter settlement() {
    return Stream.concat(settlements.stream(), afterRecord.stream())
        .reduce(UsageReporter::and)
        .orElse(UsageReporter.NONE);
  }

  void refuse() {
    releases.forEach(Runnable::run);
    releases.clear();
  }
}
