public import EpPlan

extension ShippedPipeline {
    /// A documentary from sources, which an operator approves step by step.
    public static let documentary = ShippedPipeline(
        "documentary", makes: "a documentary from sources, which an operator approves step by step",
        files: [
            "pipeline.yaml": PackageResources.pipeline_yaml,
            "prompts/outline.md": PackageResources.outline_md,
            "prompts/research.md": PackageResources.research_md,
            "prompts/script.md": PackageResources.script_md,
            "prompts/storyboard.md": PackageResources.storyboard_md,
            "prompts/assets.md": PackageResources.assets_md,
            "schemas/research.json": PackageResources.research_json,
            "schemas/script.json": PackageResources.script_json,
            "schemas/storyboard.json": PackageResources.storyboard_json,
            "schemas/assets.json": PackageResources.assets_json,
            "templates/blueprint.yaml": PackageResources.blueprint_yaml,
            "templates/episode/facts.yaml": PackageResources.facts_yaml,
            "templates/episode/sources/about.md": PackageResources.about_md,
        ])
}
