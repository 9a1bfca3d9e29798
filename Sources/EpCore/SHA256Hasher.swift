// The one file that imports libcrypto.
import CLibcrypto

/// SHA-256 over a stream of bytes, in constant memory, by libcrypto's EVP interface.
public struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer
    private var size: Int64 = 0

    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Algorithm.sha256.pointer, nil) == 1 else {
            fatalError("libcrypto could not start a SHA-256 digest: out of memory")
        }
        self.context = context
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        size += Int64(bytes.count)
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all bytes so far. The hasher starts anew, so that one context can serve many blobs.
    public mutating func finalize() -> Digest {
        let digest = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { output in
            EVP_DigestFinal_ex(context, output.baseAddress, nil)
            return Digest(sha256: UnsafeRawBufferPointer(output), size: size)
        }
        EVP_DigestInit_ex(context, nil, nil)
        size = 0
        return digest
    }

    deinit { EVP_MD_CTX_free(context) }
}

/// SHA-1, for what a standard prescribes it: name-based UUIDs (RFC 9562, version 5). Never for an address.
public enum SHA1 {
    /// The 20 bytes of the hash.
    public static func hash(of bytes: some ContiguousBytes) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { output, count in
            let isHashed = bytes.withBytes { EVP_Q_digest(nil, "SHA1", nil, $0.baseAddress, $0.count, output.baseAddress, &count) }
            precondition(isHashed == 1, "libcrypto has no SHA-1")
        }
    }
}

/// Fetched once and lazily: the first fetch costs a millisecond.
private struct Algorithm: @unchecked Sendable {
    // Safe to share: libcrypto documents a fetched EVP_MD as immutable and reference counted; it is never freed.
    let pointer: OpaquePointer

    static let sha256: Algorithm = {
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let pointer = EVP_MD_fetch(nil, "SHA256", nil) else {
            fatalError("libcrypto has no SHA-256")
        }
        return Algorithm(pointer: pointer)
    }()
}
