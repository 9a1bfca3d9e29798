// The one file that imports libcrypto.
import CLibcrypto

/// SHA-256 over a stream of bytes, in constant memory, by libcrypto.
///
/// Its functions are called directly: to find an algorithm by its name (`EVP_MD_fetch`) costs a process two milliseconds.
public struct SHA256Hasher: ~Copyable {
    private var context = SHA256_CTX()
    private var size: Int64 = 0

    public init() { SHA256_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        size += Int64(bytes.count)
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all bytes so far. The hasher starts anew, so that one can serve many blobs.
    public mutating func finalize() -> Digest {
        let digest = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { output in
            SHA256_Final(output.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
            return Digest(sha256: UnsafeRawBufferPointer(output), size: size)
        }
        SHA256_Init(&context)
        size = 0
        return digest
    }
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

/// Codes by which whoever shares a key knows a message (RFC 2104).
public enum HMAC {
    /// The 32 bytes of the code by SHA-256.
    public static func sha256(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { output, count in
            let code = EVP_Q_mac(nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, output.baseAddress, 32, &count)
            precondition(code != nil, "libcrypto has no HMAC")
        }
    }
}

/// Ed25519 signatures (RFC 8032) over whole messages.
public enum Ed25519 {
    /// The public key (32 bytes) of a private one (32 bytes); nil if it is no key.
    public static func publicKey(of privateKey: [UInt8]) -> [UInt8]? {
        guard privateKey.count == 32, let key = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, privateKey, 32) else { return nil }
        defer { EVP_PKEY_free(key) }
        return filled(32) { EVP_PKEY_get_raw_public_key(key, $0, $1) == 1 }
    }

    /// The signature (64 bytes) of a message; nil if it is no key.
    public static func signature(of message: [UInt8], by privateKey: [UInt8]) -> [UInt8]? {
        guard privateKey.count == 32, let key = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, privateKey, 32) else { return nil }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1 else { return nil }
        return filled(64) { EVP_DigestSign(context, $0, $1, message, message.count) == 1 }
    }

    public static func isValid(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard publicKey.count == 32, let key = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, publicKey, 32) else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// 32 bytes that nobody can guess.
    public static func newPrivateKey() -> [UInt8] {
        filled(32) { buffer, count in RAND_bytes(buffer, Int32(count.pointee)) == 1 } ?? { fatalError("libcrypto has no random numbers") }()
    }

    private static func filled(_ size: Int, _ fill: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Bool) -> [UInt8]? {
        var isFilled = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = size
            isFilled = fill(buffer.baseAddress, &count)
        }
        return isFilled ? bytes : nil
    }
}
