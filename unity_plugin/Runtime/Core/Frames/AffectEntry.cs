namespace Sentio
{
    /// <summary>Entries of the affect vector, in the order of PROTOCOL.md, section 4.</summary>
    public enum AffectEntry
    {
        // Begin of entries: written by tests/vectors/make_entries.py.
        /// <summary>Valence, -1..1.</summary>
        Valence = 0,

        /// <summary>Arousal, -1..1.</summary>
        Arousal = 1,

        /// <summary>Dominance, -1..1.</summary>
        Dominance = 2,

        /// <summary>Standard deviation of valence.</summary>
        ValenceSd = 3,

        /// <summary>Standard deviation of arousal.</summary>
        ArousalSd = 4,

        /// <summary>Standard deviation of dominance.</summary>
        DominanceSd = 5,

        /// <summary>Probability of neutral, 0..1.</summary>
        PNeutral = 6,

        /// <summary>Probability of happiness, 0..1.</summary>
        PHappiness = 7,

        /// <summary>Probability of surprise, 0..1.</summary>
        PSurprise = 8,

        /// <summary>Probability of sadness, 0..1.</summary>
        PSadness = 9,

        /// <summary>Probability of anger, 0..1.</summary>
        PAnger = 10,

        /// <summary>Probability of disgust, 0..1.</summary>
        PDisgust = 11,

        /// <summary>Probability of fear, 0..1.</summary>
        PFear = 12,

        /// <summary>Probability of contempt, 0..1.</summary>
        PContempt = 13,

        /// <summary>How mixed the emotions are, 0..1.</summary>
        Entropy = 14,

        /// <summary>Stress, 0..1.</summary>
        Stress = 15,

        /// <summary>Engagement, 0..1.</summary>
        Engagement = 16,

        /// <summary>Relaxation, 0..1.</summary>
        Relaxation = 17,

        /// <summary>Focus, 0..1.</summary>
        Focus = 18,

        /// <summary>Standard deviation of stress.</summary>
        StressSd = 19,

        /// <summary>Standard deviation of engagement.</summary>
        EngagementSd = 20,

        /// <summary>Standard deviation of relaxation.</summary>
        RelaxationSd = 21,

        /// <summary>Standard deviation of focus.</summary>
        FocusSd = 22,

        /// <summary>Beats a minute.</summary>
        HeartRate = 23,

        /// <summary>Heart-rate variability, ms.</summary>
        Rmssd = 24,

        /// <summary>Breaths a minute.</summary>
        BreathingRate = 25,

        /// <summary>Skin conductance level, microsiemens.</summary>
        Scl = 26,

        /// <summary>Skin conductance responses a minute.</summary>
        ScrRate = 27,

        /// <summary>Valence over minutes, -1..1.</summary>
        MoodValence = 28,

        /// <summary>Arousal over minutes, -1..1.</summary>
        MoodArousal = 29,

        /// <summary>Dominance over minutes, -1..1.</summary>
        MoodDominance = 30,

        /// <summary>Flow, 0..1.</summary>
        Flow = 31,

        /// <summary>Boredom, 0..1.</summary>
        Boredom = 32,

        /// <summary>Frustration, 0..1.</summary>
        Frustration = 33,

        /// <summary>Anxiety, 0..1.</summary>
        Anxiety = 34,

        /// <summary>How much is known, 0..1.</summary>
        Confidence = 35,

        /// <summary>Weight of face in the fusion, 0..1.</summary>
        FaceWeight = 36,

        /// <summary>Quality of face, 0..1.</summary>
        FaceQuality = 37,

        /// <summary>Seconds since the last estimate of face.</summary>
        FaceAge = 38,

        /// <summary>Weight of voice in the fusion, 0..1.</summary>
        VoiceWeight = 39,

        /// <summary>Quality of voice, 0..1.</summary>
        VoiceQuality = 40,

        /// <summary>Seconds since the last estimate of voice.</summary>
        VoiceAge = 41,

        /// <summary>Weight of body in the fusion, 0..1.</summary>
        BodyWeight = 42,

        /// <summary>Quality of body, 0..1.</summary>
        BodyQuality = 43,

        /// <summary>Seconds since the last estimate of body.</summary>
        BodyAge = 44,

        /// <summary>Weight of eeg in the fusion, 0..1.</summary>
        EegWeight = 45,

        /// <summary>Quality of eeg, 0..1.</summary>
        EegQuality = 46,

        /// <summary>Seconds since the last estimate of eeg.</summary>
        EegAge = 47,

        /// <summary>Weight of text in the fusion, 0..1.</summary>
        TextWeight = 48,

        /// <summary>Quality of text, 0..1.</summary>
        TextQuality = 49,

        /// <summary>Seconds since the last estimate of text.</summary>
        TextAge = 50,

        /// <summary>Weight of headset in the fusion, 0..1.</summary>
        HeadsetWeight = 51,

        /// <summary>Quality of headset, 0..1.</summary>
        HeadsetQuality = 52,

        /// <summary>Seconds since the last estimate of headset.</summary>
        HeadsetAge = 53,

        /// <summary>Weight of game in the fusion, 0..1.</summary>
        GameWeight = 54,

        /// <summary>Quality of game, 0..1.</summary>
        GameQuality = 55,

        /// <summary>Seconds since the last estimate of game.</summary>
        GameAge = 56,

        /// <summary>Weight of self in the fusion, 0..1.</summary>
        SelfWeight = 57,

        /// <summary>Quality of self, 0..1.</summary>
        SelfQuality = 58,

        /// <summary>Seconds since the last estimate of self.</summary>
        SelfAge = 59,

        /// <summary>Rank of valence now in this person's own range, 0..1.</summary>
        ValenceLevel = 60,

        /// <summary>Rank of arousal now in this person's own range, 0..1.</summary>
        ArousalLevel = 61,

        /// <summary>Rank of stress now in this person's own range, 0..1.</summary>
        StressLevel = 62,

        /// <summary>Rank of engagement now in this person's own range, 0..1.</summary>
        EngagementLevel = 63,

        /// <summary>Rank of relaxation now in this person's own range, 0..1.</summary>
        RelaxationLevel = 64,

        /// <summary>Rank of focus now in this person's own range, 0..1.</summary>
        FocusLevel = 65,

        /// <summary>Standard deviation of the level of valence.</summary>
        ValenceLevelSd = 66,

        /// <summary>Standard deviation of the level of arousal.</summary>
        ArousalLevelSd = 67,

        /// <summary>Standard deviation of the level of stress.</summary>
        StressLevelSd = 68,

        /// <summary>Standard deviation of the level of engagement.</summary>
        EngagementLevelSd = 69,

        /// <summary>Standard deviation of the level of relaxation.</summary>
        RelaxationLevelSd = 70,

        /// <summary>Standard deviation of the level of focus.</summary>
        FocusLevelSd = 71,

        /// <summary>Standard deviation of heart rate, beats a minute.</summary>
        HeartRateSd = 72,

        /// <summary>Standard deviation of heart-rate variability, ms.</summary>
        RmssdSd = 73,

        /// <summary>Standard deviation of the breathing rate, breaths a minute.</summary>
        BreathingRateSd = 74,

        /// <summary>Standard deviation of the skin conductance level, microsiemens.</summary>
        SclSd = 75,

        /// <summary>Standard deviation of the skin conductance responses a minute.</summary>
        ScrRateSd = 76,

        /// <summary>Standard deviation of the mood's valence.</summary>
        MoodValenceSd = 77,

        /// <summary>Standard deviation of the mood's arousal.</summary>
        MoodArousalSd = 78,

        /// <summary>Standard deviation of the mood's dominance.</summary>
        MoodDominanceSd = 79,

        /// <summary>Standard deviation of flow.</summary>
        FlowSd = 80,

        /// <summary>Standard deviation of boredom.</summary>
        BoredomSd = 81,

        /// <summary>Standard deviation of frustration.</summary>
        FrustrationSd = 82,

        /// <summary>Standard deviation of anxiety.</summary>
        AnxietySd = 83,

        /// <summary>How far both lip corners are raised now, 0..1.</summary>
        Smile = 84,

        /// <summary>How far both eyes are closed now, 0..1.</summary>
        Blink = 85,

        /// <summary>Probability of laughter now, 0..1.</summary>
        Laughter = 86,

        /// <summary>Probability that the person speaks, 0..1.</summary>
        Speaking = 87,

        /// <summary>Change of the heart rate now, beats a minute in a second.</summary>
        HeartRateAcceleration = 88,

        /// <summary>Part of a breath since the end of breathing in, 0..1.</summary>
        BreathPhase = 89,

        /// <summary>What skin conductance responses add now, microsiemens.</summary>
        ScrNow = 90,
        // End of entries.
    }
}
