import Hummingbird
import HummingbirdCore
import NIOCore
import ServerCore

/// Hands requests to a cache, their bodies as they come.
struct CacheResponder: HTTPResponder {
    let service: CacheService

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        Response(await service.answer(WebRequest(request, []), body: request.body.map { Array($0.readableBytesView) }))
    }
}
