package dev.concert.github.api;

/**
 * A file of a repository.
 *
 * @param object id of this content
 * @param size in bytes
 * @param base64 its content; empty where the file is too large for the forge's API
 */
public record RepositoryFile(String object, long size, String base64) {}
