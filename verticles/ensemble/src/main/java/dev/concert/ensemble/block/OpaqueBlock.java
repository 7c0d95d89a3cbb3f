package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A whole block of a provider for which we have no form: a tool that ran on the provider's side,
 * its result, redacted thinking. Kept in its place in the answer.
 */
@JsonTypeName("opaque")
public record OpaqueBlock(Opaque opaque) implements Block, ContentBlock {}
