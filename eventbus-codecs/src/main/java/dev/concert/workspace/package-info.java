/**
 * Messages to and from Chronicle: a workspace is a folder whose files have iterations; an iteration
 * is one saved version of a file.
 */
package dev.concert.workspace;
