/**
 * The pipeline that every call to a model passes: a {@code CallInput} from HTTP or a WebSocket
 * becomes a {@code Call}, which the stages handle one after another. Each {@code CallStage} is one
 * class: authentication, guardrails, parser, admission (limits of the key), routing, budget,
 * allowance of the turn, ledger, reports, provider. The last one creates the {@code InferenceCall}
 * that streams the answer and settles it.
 */
package dev.concert.ensemble.pipeline;
