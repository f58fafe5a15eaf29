using System;
using System.Collections.Generic;
using Sentio.Simulation;
using UnityEngine;
using UnityEngine.Serialization;
using Script = Sentio.Simulation.Scenario;

namespace Sentio
{
    /// <summary>What a simulated person does.</summary>
    public enum SimulatedScenario
    {
        /// <summary>What the sliders say.</summary>
        Sliders,

        /// <summary>Sits and does nothing much.</summary>
        Rest,

        /// <summary>Is under pressure that rises, stays and goes.</summary>
        Stress,

        /// <summary>Is delighted.</summary>
        Joy,

        /// <summary>Waits for too long.</summary>
        Boredom,

        /// <summary>Goes from pressure to calm with slow breaths.</summary>
        Recovery,
    }

    /// <summary>What a marker does to a simulated person: steps that fade within some seconds.</summary>
    [Serializable]
    public struct SimulatedReaction
    {
        /// <summary>The marker's name.</summary>
        public string Marker;

        /// <summary>Step of valence.</summary>
        [Range(-1f, 1f)]
        public float Valence;

        /// <summary>Step of arousal.</summary>
        [Range(-1f, 1f)]
        public float Arousal;

        /// <summary>Step of stress.</summary>
        [Range(-1f, 1f)]
        public float Stress;

        /// <summary>A reaction to a marker.</summary>
        public SimulatedReaction(string marker, float valence, float arousal, float stress)
        {
            Marker = marker;
            Valence = valence;
            Arousal = arousal;
            Stress = stress;
        }
    }

    /// <summary>A person made of sliders and scripts, for work without a sidecar, a camera or a body.</summary>
    /// <remarks>Tells the same frames and details as <see cref="SentioClient"/>. What the game marks has an effect:
    /// <see cref="Reactions"/> says which.</remarks>
    [AddComponentMenu("Sentio/Sentio Simulator")]
    [DefaultExecutionOrder(-100)]
    public sealed class SentioSimulator : SentioFeed
    {
        private const double DetailSeconds = 0.25;
        private const float LongestStep = 0.25f;

        [SerializeField, Tooltip("What the person does.")]
        private SimulatedScenario scenario = SimulatedScenario.Rest;

        [SerializeField, Range(1f, 120f), Tooltip("Frames a second.")]
        private float rateHz = 30f;

        [SerializeField, Tooltip("What the state says; anything but Ok leaves values unknown or fading.")]
        private AffectState state = AffectState.Ok;

        [SerializeField, Tooltip("Entries of the affect vector that are never known.")]
        private AffectEntry[] unknown = new AffectEntry[0];

        [SerializeField, FormerlySerializedAs("seed"), Tooltip("Gives the same person for the same number.")]
        private int randomSeed = 1;

        [SerializeField, Range(0f, 1f), Tooltip("Restlessness.")]
        private float noise = 0.3f;

        [SerializeField, Tooltip("What a marker does to the person.")]
        private SimulatedReaction[] reactions =
        {
            new SimulatedReaction("wave", -0.05f, 0.25f, 0.15f),
            new SimulatedReaction("boss_spawned", -0.25f, 0.55f, 0.4f),
            new SimulatedReaction("player_hurt", -0.35f, 0.35f, 0.3f),
            new SimulatedReaction("enemy_down", 0.02f, 0.015f, -0.005f),
            new SimulatedReaction("pickup", 0.3f, 0.1f, -0.15f),
        };

        [SerializeField, Tooltip("Where the person heads with the scenario Sliders.")]
        private SimulatedSliders sliders = new SimulatedSliders();

        private readonly double[] _wanted = new double[Script.Levels];
        private readonly SimulatedReading _reading = new SimulatedReading();
        private readonly AffectFrame _frame = new AffectFrame();
        private SimulatedPerson _person;
        private Script _script;
        private SimulatedScenario _played;
        private double _time, _now, _frameDue, _detailDue, _faded = 1, _born = double.NaN;
        private long _seq, _events;

        /// <summary>What the person does; a new one starts at its beginning.</summary>
        public SimulatedScenario Scenario { get { return scenario; } set { scenario = value; } }

        /// <summary>Frames a second, 1..120.</summary>
        public float RateHz { get { return rateHz; } set { rateHz = value; } }

        /// <summary>What the state says.</summary>
        public AffectState State { get { return state; } set { state = value; } }

        /// <summary>Entries of the affect vector that are never known.</summary>
        public AffectEntry[] Unknown { get { return unknown; } set { unknown = value ?? new AffectEntry[0]; } }

        /// <summary>Gives the same person for the same number; set before it is enabled.</summary>
        public int RandomSeed { get { return randomSeed; } set { randomSeed = value; } }

        /// <summary>The former name of <see cref="RandomSeed"/>; goes with the next version.</summary>
        [Obsolete("use RandomSeed")]
        public int Seed { get { return randomSeed; } set { randomSeed = value; } }

        /// <summary>Restlessness, 0..1.</summary>
        public float Noise { get { return noise; } set { noise = value; } }

        /// <summary>What a marker does to the person.</summary>
        public SimulatedReaction[] Reactions { get { return reactions; } set { reactions = value ?? new SimulatedReaction[0]; } }

        /// <summary>Where the person heads with the scenario Sliders, and how good the sensors are.</summary>
        public SimulatedSliders Sliders { get { return sliders; } set { sliders = value; } }

        /// <summary>Where in the breath the person is: 0 starts to breathe in, 0.5 to breathe out.</summary>
        public float Breath { get { return _person == null ? 0f : (float)_person.Breath; } }

        /// <inheritdoc/>
        public override double Age { get { return double.IsNaN(_born) ? double.PositiveInfinity : _now - _born; } }

        /// <summary>The simulated person reacts as <see cref="Reactions"/> says; always taken.</summary>
        public override bool Mark(string name, Dictionary<string, object> data)
        {
            Start();
            foreach (SimulatedReaction one in reactions)
                if (one.Marker == name) _person.Startle(one.Valence, one.Arousal, one.Stress);
            TellEvent("marker", name, data ?? new Dictionary<string, object>());
            return true;
        }

        /// <summary>Told on as an event of kind adaptation; always taken.</summary>
        public override bool ReportAdaptation(string what, double value, string why)
        {
            Start();
            TellEvent("adaptation", what, new Dictionary<string, object> { { "value", value }, { "why", why ?? "" } });
            return true;
        }

        /// <summary>Lets seconds go by and tells what became due; <c>Update</c> calls it.</summary>
        public void Advance(float seconds)
        {
            Start();
            _now += seconds;
            _time += seconds;
            Played().At(_time, _wanted);
            if (scenario == SimulatedScenario.Sliders) sliders.Give(_wanted);
            _person.Noise = noise;
            _person.Advance(seconds, _wanted);
            _faded = state == AffectState.Stale ? Math.Max(_faded - 0.1 * seconds, 0) : 1;
            _frameDue -= seconds;
            _detailDue -= seconds;
            if (_frameDue > 0) return;
            _frameDue = Math.Max(_frameDue + 1 / Math.Max(rateHz, 1f), 0);
            Read();
            Show(_frame);
            if (_detailDue > 0) return;
            _detailDue = DetailSeconds;
            ShowDetail(SimulatedDetail.Build(_frame, _reading));
        }

        private void OnEnable() { Tell(LinkState.Live, "simulated person"); }

        private void OnDisable() { Tell(LinkState.Off, "stopped"); }

        private void Update() { Advance(Mathf.Min(Time.deltaTime, LongestStep)); }

        private void Start()
        {
            if (_person == null) _person = new SimulatedPerson(randomSeed);
        }

        private Script Played()
        {
            if (_script != null && _played == scenario) return _script;
            _time = 0;
            _played = scenario;
            switch (scenario)
            {
                case SimulatedScenario.Stress: _script = Script.Stress(); break;
                case SimulatedScenario.Joy: _script = Script.Joy(); break;
                case SimulatedScenario.Boredom: _script = Script.Boredom(); break;
                case SimulatedScenario.Recovery: _script = Script.Recovery(); break;
                default: _script = Script.Rest(); break;
            }
            return _script;
        }

        private void Read()
        {
            sliders.Give(_reading, _faded * (state == AffectState.Warming ? 0.3 : 1));
            _reading.Fill(_person, _frame);
            bool nothing = state == AffectState.NoSubject || state == AffectState.Withdrawn;
            if (nothing) for (int i = 0; i < AffectNames.Count; i++) _frame.Set((AffectEntry)i, float.NaN);
            foreach (AffectEntry entry in unknown) _frame.Set(entry, float.NaN);
            _born = _now;
            string who = Subject.Length > 0 ? Subject : "simulated";
            _frame.Stamp(who, Math.Abs((long)randomSeed), _seq++, _now, nothing ? double.NaN : _now, state);
        }

        private void TellEvent(string kind, string name, Dictionary<string, object> data)
        {
            var body = new Dictionary<string, object>
            {
                { "v", Wire.Version }, { "epoch", Math.Abs((long)randomSeed) }, { "id", ++_events }, { "time", _now },
                { "kind", kind }, { "name", name }, { "data", data },
            };
            string who = Subject.Length > 0 ? Subject : "simulated";
            Show(new SentioEvent { Subject = who, Kind = kind, Name = name, Time = _now, Body = body });
        }
    }
}
