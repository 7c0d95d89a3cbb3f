/** Passes on what developers ask about the folders of the server's own host. */
package dev.concert.gateway.project;
