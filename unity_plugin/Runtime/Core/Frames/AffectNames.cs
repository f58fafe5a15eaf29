namespace Sentio
{
    /// <summary>The entries' names on the wire.</summary>
    public static class AffectNames
    {
        /// <summary>In the order of the vector.</summary>
        // Begin of names: written by tests/vectors/make_entries.py.
        private static readonly string[] Names =
        {
            "valence", "arousal", "dominance", "valence_sd", "arousal_sd", "dominance_sd", "p_neutral", "p_happiness",
            "p_surprise", "p_sadness", "p_anger", "p_disgust", "p_fear", "p_contempt", "entropy", "stress",
            "engagement", "relaxation", "focus", "stress_sd", "engagement_sd", "relaxation_sd", "focus_sd",
            "heart_rate", "rmssd", "breathing_rate", "scl", "scr_rate", "mood_valence", "mood_arousal",
            "mood_dominance", "flow", "boredom", "frustration", "anxiety", "confidence", "face_weight", "face_quality",
            "face_age", "voice_weight", "voice_quality", "voice_age", "body_weight", "body_quality", "body_age",
            "eeg_weight", "eeg_quality", "eeg_age", "text_weight", "text_quality", "text_age", "headset_weight",
            "headset_quality", "headset_age", "game_weight", "game_quality", "game_age", "self_weight", "self_quality",
            "self_age", "valence_level", "arousal_level", "stress_level", "engagement_level", "relaxation_level",
            "focus_level", "valence_level_sd", "arousal_level_sd", "stress_level_sd", "engagement_level_sd",
            "relaxation_level_sd", "focus_level_sd", "heart_rate_sd", "rmssd_sd", "breathing_rate_sd", "scl_sd",
            "scr_rate_sd", "mood_valence_sd", "mood_arousal_sd", "mood_dominance_sd", "flow_sd", "boredom_sd",
            "frustration_sd", "anxiety_sd", "smile", "blink", "laughter", "speaking", "heart_rate_acceleration",
            "breath_phase", "scr_now",
        };

        /// <summary>Number of entries in this version.</summary>
        public const int Count = 91;
        // End of names.

        /// <summary>The wire's name of an entry.</summary>
        public static string Of(AffectEntry entry) { return Names[(int)entry]; }

        /// <summary>Finds an entry by its name on the wire; false if there is none.</summary>
        public static bool TryParse(string name, out AffectEntry entry)
        {
            int at = System.Array.IndexOf(Names, name);
            entry = (AffectEntry)(at < 0 ? 0 : at);
            return at >= 0;
        }
    }
}
