public import EpPlan

extension ShippedPipeline {
    /// Short films of documents, in several languages.
    public static let video = ShippedPipeline(
        "video", makes: "short films of documents, in several languages",
        files: [
            "pipeline.yaml": PackageResources.pipeline_yaml,
            "prompts/script.md": PackageResources.script_md,
            "schemas/scenes.json": PackageResources.scenes_json,
            "templates/blueprint.yaml": PackageResources.blueprint_yaml,
            "templates/episode/facts.yaml": PackageResources.facts_yaml,
            "templates/episode/documents/en.md": PackageResources.en_md,
        ])
}
