public import EpPlan

extension ShippedPipeline {
    /// From a topic and its sources to a podcast episode.
    public static let podcast = ShippedPipeline(
        "podcast", makes: "a podcast episode from a topic and its sources, spoken by a narrator and characters",
        files: [
            "pipeline.yaml": PackageResources.pipeline_yaml, "prompts/ideation.md": PackageResources.ideation_md,
            "prompts/outlining.md": PackageResources.outlining_md, "prompts/segment.md": PackageResources.segment_md,
            "prompts/script.md": PackageResources.script_md, "templates/blueprint.yaml": PackageResources.blueprint_yaml,
        ])
}
