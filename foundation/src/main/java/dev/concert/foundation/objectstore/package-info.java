/**
 * Objects by key in a store that outlives this host: S3, or what speaks its protocol (MinIO, Ceph,
 * R2).
 */
package dev.concert.foundation.objectstore;
