public import EpPlan

extension ShippedPipeline {
    /// A novel from notes: a manuscript, an EPUB and an audiobook.
    public static let novel = ShippedPipeline(
        "novel", makes: "a novel from notes: a manuscript, an EPUB and an audiobook",
        files: [
            "pipeline.yaml": PackageResources.pipeline_yaml,
            "prompts/plan.md": PackageResources.plan_md,
            "prompts/characters.md": PackageResources.characters_md,
            "prompts/locations.md": PackageResources.locations_md,
            "prompts/chapters.md": PackageResources.chapters_md,
            "prompts/scenes.md": PackageResources.scenes_md,
            "prompts/prose.md": PackageResources.prose_md,
            "prompts/edit.md": PackageResources.edit_md,
            "templates/blueprint.yaml": PackageResources.blueprint_yaml,
            "templates/episode/facts.yaml": PackageResources.facts_yaml,
            "templates/episode/story/premise.md": PackageResources.premise_md,
            "templates/episode/story/cast.yaml": PackageResources.cast_yaml,
            "templates/episode/story/places.yaml": PackageResources.places_yaml,
            "templates/episode/notes/chapter-01.md": PackageResources.chapter_01_md,
        ])
}
