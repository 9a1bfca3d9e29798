public import EpCore
public import EpPlan

/// What may go wrong with a provider that is going to be asked, before it is.
extension Vendors {
    /// - Returns: warnings: a key that is missing, a service that is left alone, a model that ends soon.
    public func concerns(about service: Service, of workspace: Workspace, _ services: Services) -> [Diagnostic] {
        guard let provider = service.configuration,
            let report = reports(on: workspace, services).first(where: { $0.name == provider.name })
        else { return [] }
        var concerns: [Diagnostic] = []
        func warn(_ code: Diagnostic.Code, _ message: String, _ remedy: String, at key: String = "use") {
            concerns.append(Diagnostic(code, message, at: provider.place(of: key), remedy: remedy, severity: .warning))
        }
        if let variable = report.keyVariable, !report.hasKey {
            let remedy = "export \(variable)=…, or write that line into `.env` beside epbuild.yaml (chmod 600)"
            warn(.keyRejected, "\(provider.name) is going to be asked, and \(variable) is not set", remedy, at: "api_key_env")
        }
        if let seconds = services.seconds(leftAlone: report.url, model: report.model) {
            let time = seconds.isFinite ? "for \(Int(seconds.rounded(.up))) s more" : "until its key or its account is in order"
            let remedy = "run the same command again later, or give it a `fallback`"
            warn(.providerFailed, "\(provider.name) has failed again and again, and is left alone \(time)", remedy)
        }
        if let day = report.shutdown, ShutdownTable.isNear(day, today: services.day) {
            let when = day > services.day ? "is shut down on \(day)" : "was shut down on \(day)"
            let remedy = "choose another model in time: what it has made stays as it is"
            warn(.providerFailed, "\(report.model) of \(provider.name) \(when) by \(report.vendor)", remedy, at: "model")
        }
        return concerns
    }
}
