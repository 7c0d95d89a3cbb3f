/**
 * Requests and responses in the native format, how they are read ({@code RequestReader}) and
 * validated.
 *
 * <p>Large on purpose: a request has many options, and each is a small type that readers, routers
 * and providers share.
 */
package dev.concert.ensemble.message;
