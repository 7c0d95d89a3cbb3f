/**
 * Requests and responses in the native format, how they are read ({@code RequestReader}) and
 * validated.
 */
package dev.concert.ensemble.message;
