/**
 * The contract between the bridges and a chat platform. A new platform is one package with an
 * implementation of {@link dev.concert.bridges.platform.ChatPlatform} and a row in the verticle.
 *
 * <p>A {@link dev.concert.bridges.platform.ChatConnection} is a tenant's account at a platform.
 * What people do there comes as {@link dev.concert.bridges.platform.InboundEvent}s; what they see
 * are {@link dev.concert.bridges.platform.ChatText}s, of which the platform knows the wire form.
 */
package dev.concert.bridges.platform;
