/**
 * Guardrails: what the operator has checked before a model is asked and before a client receives
 * its answer. A {@code Guardrail} lets texts pass, changes them, or stops the call: a {@code
 * PatternGuardrail} by patterns, a {@code ServiceGuardrail} by asking a service. {@code
 * RequestTexts} finds what is text in any API's request; an {@code AnswerGuard} holds an answer
 * back for as long as its checks need.
 */
package dev.concert.ensemble.guardrail;
