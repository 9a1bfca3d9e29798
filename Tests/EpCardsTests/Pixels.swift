import CZlib

/// A decoded PNG of 8-bit RGB, as Cairo writes them: written from the W3C's recommendation, to look at what was drawn.
struct Pixels {
    let width: Int
    let height: Int
    private let bytes: [UInt8]

    struct Colour: Hashable {
        let red: UInt8
        let green: UInt8
        let blue: UInt8

        /// How far apart its parts are: 0 is a shade of grey.
        var chroma: Int { Int(max(red, green, blue)) - Int(min(red, green, blue)) }
    }

    init?(_ png: [UInt8]) {
        guard png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        func number(_ place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        var (place, packed) = (8, [UInt8]())
        while place + 12 <= png.count {
            let length = number(place)
            if String(decoding: png[place + 4..<place + 8], as: UTF8.self) == "IDAT" { packed += png[place + 8..<place + 8 + length] }
            place += 12 + length
        }
        (width, height) = (number(16), number(20))
        guard png[24] == 8, png[25] == 2 else { return nil }
        var raw = [UInt8](repeating: 0, count: (width * 3 + 1) * height)
        var length = uLongf(raw.count)
        guard uncompress(&raw, &length, packed, uLong(packed.count)) == Z_OK, Int(length) == raw.count else { return nil }
        bytes = Self.unfiltered(raw, width: width, height: height)
    }

    private static func unfiltered(_ raw: [UInt8], width: Int, height: Int) -> [UInt8] {
        let row = width * 3
        var out = [UInt8](repeating: 0, count: row * height)
        for y in 0..<height {
            let filter = raw[y * (row + 1)]
            for x in 0..<row {
                let left = x >= 3 ? Int(out[y * row + x - 3]) : 0
                let above = y > 0 ? Int(out[(y - 1) * row + x]) : 0
                let corner = x >= 3 && y > 0 ? Int(out[(y - 1) * row + x - 3]) : 0
                let guess = switch filter {
                case 1: left
                case 2: above
                case 3: (left + above) / 2
                case 4: nearest(left + above - corner, left, above, corner)
                default: 0
                }
                out[y * row + x] = raw[y * (row + 1) + 1 + x] &+ UInt8(truncatingIfNeeded: guess)
            }
        }
        return out
    }

    private static func nearest(_ sum: Int, _ left: Int, _ above: Int, _ corner: Int) -> Int {
        let (a, b, c) = (abs(sum - left), abs(sum - above), abs(sum - corner))
        return a <= b && a <= c ? left : b <= c ? above : corner
    }

    subscript(x: Int, y: Int) -> Colour {
        let place = (y * width + x) * 3
        return Colour(red: bytes[place], green: bytes[place + 1], blue: bytes[place + 2])
    }

    /// The smallest box that holds everything that is not of the background's colour, of a part of the picture.
    func ink(fromX start: Int = 0) -> (left: Int, top: Int, right: Int, bottom: Int)? {
        let background = self[width - 1, 0]
        var box: (left: Int, top: Int, right: Int, bottom: Int)?
        for y in 0..<height {
            for x in start..<width where self[x, y] != background {
                let known = box ?? (x, y, x, y)
                box = (min(known.left, x), min(known.top, y), max(known.right, x), max(known.bottom, y))
            }
        }
        return box
    }
}
