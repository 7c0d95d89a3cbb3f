/**
 * Amazon Bedrock: Claude by {@code InvokeModel} with the body of Anthropic's API, all other models
 * by {@code Converse}. {@code SignatureAuthorization} signs each request with Amazon's own library,
 * {@code EventStreamDecoder} reads Amazon's frames with it.
 */
package dev.concert.ensemble.provider.bedrock;
