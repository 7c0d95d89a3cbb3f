/**
 * Opens git repositories of a developer's own machine on the page, and applies there what agents
 * changed. Only outside production, without a sign-in, and below the configured roots.
 */
package dev.concert.platform.folder;
