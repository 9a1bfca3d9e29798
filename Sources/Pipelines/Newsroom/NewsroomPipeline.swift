public import EpPlan

extension ShippedPipeline {
    /// A page, a transcript and clips of a recording.
    public static let newsroom = ShippedPipeline(
        "newsroom", makes: "a page, a transcript and clips of a recording",
        files: [
            "pipeline.yaml": PackageResources.pipeline_yaml,
            "prompts/enrichment.md": PackageResources.enrichment_md,
            "prompts/editorial.md": PackageResources.editorial_md,
            "prompts/clips.md": PackageResources.clips_md,
            "prompts/post.md": PackageResources.post_md,
            "schemas/enrichment.json": PackageResources.enrichment_json,
            "schemas/editorial.json": PackageResources.editorial_json,
            "schemas/clips.json": PackageResources.clips_json,
            "schemas/post.json": PackageResources.post_json,
            "templates/blueprint.yaml": PackageResources.blueprint_yaml,
            "templates/episode/facts.yaml": PackageResources.facts_yaml,
        ])
}
