using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The shades: number, kind and speed follow one intensity.</summary>
    public sealed class Horde
    {
        private const int Most = 26;
        private const float LeastBudget = 0.45f;
        private const float MostBudget = 3.3f;
        private const float RiseDistance = 6f;
        // Share of the budget in each watch: the night gets harder.
        private static readonly float[] Watches = { 0.75f, 0.9f, 1.05f };

        private readonly List<Foe> _foes = new List<Foe>();
        private readonly List<Foe> _down = new List<Foe>();
        private readonly FoeKind[] _kinds = FoeKind.All();
        private readonly FoeKind _warden = FoeKind.Warden();
        private readonly System.Random _random = new System.Random(11);
        private readonly Transform _parent;
        private readonly float _field;
        private float _budget = 2;
        private int _next;

        /// <summary>On a field of a radius.</summary>
        public Horde(Transform parent, float field)
        {
            _parent = parent;
            _field = field;
            foreach (FoeKind kind in _kinds) kind.Paint = Art.Paint(kind.Tone, 0.6f);
            _warden.Paint = Art.Paint(_warden.Tone, 0.6f);
        }

        /// <summary>Current shades.</summary>
        public IList<Foe> Foes { get { return _foes; } }

        /// <summary>Total number of shades.</summary>
        public int Came { get; private set; }

        /// <summary>The warden while it is alive, or null.</summary>
        public Foe Warden { get; private set; }

        /// <summary>Spawns and moves shades; the watch counts from 0, and the first has none that shoot.</summary>
        public void Advance(float seconds, Vector3 hero, float intensity, int watch, Volley shots)
        {
            float share = Watches[Mathf.Clamp(watch, 0, Watches.Length - 1)];
            _budget = Mathf.Min(_budget + seconds * share * Mathf.Lerp(LeastBudget, MostBudget, intensity), 6);
            if (_budget >= _kinds[_next].Cost && _foes.Count < Most)
            {
                _budget -= _kinds[_next].Cost;
                _foes.Add(new Foe(_kinds[_next], _parent, Somewhere(hero), (float)_random.NextDouble()));
                Came++;
                _next = Choose(intensity, watch);
            }
            foreach (Foe foe in _foes)
            {
                foe.Advance(seconds, hero, 0.8f + 0.45f * intensity, shots);
                if (foe.Place.magnitude > _field - 0.4f) foe.Place = foe.Place.normalized * (_field - 0.4f);
            }
            Part();
        }

        /// <summary>Lets the warden rise at the edge of the field, away from the hero.</summary>
        public void RiseWarden(Vector3 hero)
        {
            Vector3 away = hero.magnitude > 1 ? -hero : Vector3.forward;
            Warden = new Foe(_warden, _parent, away.normalized * (0.8f * _field), (float)_random.NextDouble());
            _foes.Add(Warden);
        }

        /// <summary>Applies hits; returns and removes destroyed shades.</summary>
        public IList<Foe> Struck(Volley shots)
        {
            _down.Clear();
            foreach (Foe foe in _foes)
                if (foe.IsSolid && shots.TakeHit(foe.Place, foe.Kind.Radius + 0.25f) && foe.Hit()) _down.Add(foe);
            foreach (Foe foe in _down)
            {
                foe.Remove();
                _foes.Remove(foe);
                if (foe == Warden) Warden = null;
            }
            return _down;
        }

        /// <summary>Whether one touches a place.</summary>
        public bool Touches(Vector3 place, float reach)
        {
            foreach (Foe foe in _foes) if (foe.IsSolid && (foe.Place - place).magnitude < foe.Kind.Radius + reach) return true;
            return false;
        }

        /// <summary>Removes all.</summary>
        public void Clear()
        {
            foreach (Foe foe in _foes) foe.Remove();
            _foes.Clear();
            Warden = null;
            _budget = 2;
        }

        private int Choose(float intensity, int watch)
        {
            double draw = _random.NextDouble();
            return draw < 0.12 + 0.22 * intensity ? 1 : watch > 0 && draw < 0.2 + 0.36 * intensity ? 2 : 0;
        }

        private Vector3 Somewhere(Vector3 hero)
        {
            Vector3 place = Vector3.zero;
            for (int attempt = 0; attempt < 8; attempt++)
            {
                double angle = 2 * System.Math.PI * _random.NextDouble();
                float far = _field * (0.45f + 0.5f * (float)_random.NextDouble());
                place = new Vector3(far * (float)System.Math.Cos(angle), 0, far * (float)System.Math.Sin(angle));
                if ((place - hero).magnitude > RiseDistance) break;
            }
            return place;
        }

        private void Part()
        {
            for (int i = 0; i < _foes.Count; i++)
                for (int k = i + 1; k < _foes.Count; k++)
                {
                    Vector3 gap = _foes[i].Place - _foes[k].Place;
                    float room = _foes[i].Kind.Radius + _foes[k].Kind.Radius + 0.1f;
                    if (gap.sqrMagnitude >= room * room) continue;
                    Vector3 push = gap.normalized * (0.5f * (room - gap.magnitude));
                    _foes[i].Place += push;
                    _foes[k].Place -= push;
                }
        }
    }
}
