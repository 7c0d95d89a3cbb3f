/**
 * What a replica needs of its files: find, read, replace and delete them, and the same for empty
 * folders. Local sync implements it for a person's folder.
 */
package dev.concert.chronicle.replication.replica.files;
